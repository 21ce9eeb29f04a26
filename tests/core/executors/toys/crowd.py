"""crowd: experts that run several jobs together."""

import os
import signal
import sys
import time

from core.contract import Batch, Expert, Give, Inputs, Model, Outputs, Steer, Stopped, Take, TaskType, expert
from core.types import Kind

TYPE = TaskType(
    name="crowd",
    summary="Say how many were there.",
    takes=(Take(name="text", kinds=(Kind.TEXT,)), Take(name="seconds", kinds=(Kind.NUMBER,), required=False)),
    gives=(Give(name="text", kind=Kind.TEXT), Give(name="jobs", kind=Kind.NUMBER)),
)


@expert(TYPE, Model(id="toy/crowd"))
class Crowd(Expert):
    """Takes up to four jobs. A text may ask for trouble: "raise", "die", "starve"."""

    batch = 4

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        raise AssertionError("a batch is run as a batch")

    def run_batch(self, jobs: Batch) -> list[Outputs | Exception]:
        until = time.monotonic() + max(inputs.get("seconds", 0.0) for inputs, _ in jobs)
        while time.monotonic() < until and not all(_stopped(steer) for _, steer in jobs):
            time.sleep(0.01)
        texts = [inputs["text"] for inputs, _ in jobs]
        if "die" in texts:
            os.kill(os.getpid(), signal.SIGKILL)
        if "starve" in texts and len(texts) > 1:
            raise MemoryError
        return [_said(text, steer, len(jobs)) for text, (_, steer) in zip(texts, jobs, strict=True)]


@expert(TYPE, Model(id="toy/throng"))
class Throng(Crowd):
    """Takes many jobs."""

    batch = 32


def _stopped(steer: Steer) -> bool:
    try:
        steer.check()
    except Stopped:
        return True
    return False


def _said(text: str, steer: Steer, jobs: int) -> Outputs | Exception:
    if _stopped(steer):
        return Stopped()
    return ValueError("asked for") if text == "raise" else {"text": text, "jobs": jobs}


@expert(TYPE, Model(id="toy/patient"))
class Patient(Expert):
    """Takes up to four jobs, one after the other. A text may ask it to leave: then a library gives up."""

    batch = 4

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        if inputs["text"] == "leave":
            sys.exit("usage: library [--help]")
        time.sleep(inputs.get("seconds", 0.0))
        return {"text": inputs["text"], "jobs": 1}


@expert(TYPE, Model(id="toy/greedy"))
class Greedy(Expert):
    """Runs out of memory until it was told twice to save some; then says how often."""

    def load(self) -> None:
        self._saved = 0

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        if self._saved < 2:
            raise MemoryError
        return {"text": "enough", "jobs": self._saved}

    def save_memory(self) -> bool:
        self._saved += 1
        return True


@expert(TYPE, Model(id="toy/glutton"))
class Glutton(Expert):
    """Never has enough, in the words of PyTorch."""

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        raise RuntimeError("CUDA out of memory. Tried to allocate 1.00 TiB.")

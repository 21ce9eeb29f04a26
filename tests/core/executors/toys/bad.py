"""bad: experts that misbehave."""

import ctypes
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

from core.contract import Expert, Give, Inputs, Model, Outputs, Steer, Stopped, Take, TaskType, expert
from core.errors import BadInput, LeaseLost
from core.types import Kind, Media

TYPE = TaskType(
    name="misbehave",
    summary="Go wrong.",
    takes=(Take(name="how", kinds=(Kind.TEXT,)), Take(name="file", kinds=(Kind.TEXT,), required=False)),
    gives=(Give(name="text", kind=Kind.TEXT),),
)


def _die_once(file: str) -> None:
    """Kill this process, unless it did so before."""
    if not Path(file).exists():
        Path(file).write_text("been here")
        os.kill(os.getpid(), signal.SIGKILL)


def _hang_deaf() -> None:
    """Hold the interpreter's lock in C, so that no Python thread of this process runs."""
    ctypes.PyDLL(None).sleep(60)


def _spin() -> None:
    while True:
        pass


def _fail(error: BaseException) -> None:
    raise error


WAYS: dict[str, Any] = {
    "raise": lambda: _fail(RuntimeError("the secret is 42")),
    "bad input": lambda: _fail(BadInput("That picture is a sandwich.")),
    "speak of leases": lambda: _fail(LeaseLost("mine now")),
    "stop unasked": lambda: _fail(Stopped()),
    "memory": lambda: bytearray(1 << 60),
    "sys.exit": lambda: sys.exit(3),
    "os._exit": lambda: os._exit(3),
    "kill": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "segfault": lambda: ctypes.string_at(0),
    "sleep": lambda: time.sleep(60),
    "spin": _spin,
    "deaf": _hang_deaf,
}
GIVEN: dict[str, Any] = {
    "nothing": None,
    "a string": "text",
    "too little": {},
    "too much": {"text": "a", "more": "b"},
    "the wrong kind": {"text": 5},
    "a medium for a text": {"text": Media(data=b"x", kind=Kind.IMAGE, mime="image/png", name="x.png")},
    "an object": {"text": object()},
    "not a number": {"text": float("nan")},
    "no bytes": {"text": Media(data=5, kind=Kind.IMAGE, mime="image/png", name="x.png")},  # type: ignore[arg-type]
}


@expert(TYPE, Model(id="toy/bad"))
class Bad(Expert):
    """Does what ``how`` says."""

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        if inputs["how"] in GIVEN:
            given: Outputs = GIVEN[inputs["how"]]
            return given
        if inputs["how"] == "die once":
            _die_once(inputs["file"])
        elif inputs["how"] == "start another":
            self._start_another(Path(inputs["file"]))
        elif inputs["how"] in ("leave another", "leave a stranger"):
            self._leave(Path(inputs["file"]), stranger=inputs["how"] == "leave a stranger")
        elif inputs["how"] != "behave":
            WAYS[inputs["how"]]()
        return {"text": f"well {os.getpid()}"}

    @staticmethod
    def _start_another(file: Path) -> None:
        """Start a process that outlives its job, and hang."""
        pid = os.fork()
        if pid == 0:
            time.sleep(60)
            os._exit(0)
        file.write_text(str(pid))
        time.sleep(60)

    @staticmethod
    def _leave(file: Path, *, stranger: bool) -> None:
        """Start a process that outlives this one; a stranger has left the group and has no parent, as daemons do."""
        pid = os.fork()
        if pid == 0:
            if stranger:
                os.setsid()
                if os.fork():
                    os._exit(0)
            with file.open("a") as pids:
                pids.write(f"{os.getpid()}\n")
            time.sleep(60)
            os._exit(0)
        if stranger:
            os.waitpid(pid, 0)
        while not file.exists() or not file.read_text().endswith("\n"):
            time.sleep(0.01)


@expert(TYPE, Model(id="toy/unloadable"))
class Unloadable(Expert):
    """Cannot be loaded."""

    def load(self) -> None:
        raise ImportError("no module named weights")

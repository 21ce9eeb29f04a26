"""good: experts that do as they should."""

import os
import time
from pathlib import Path

from core.contract import Expert, Give, Inputs, Model, Outputs, Steer, Take, TaskType, expert
from core.types import Json, Kind, Media

TYPE = TaskType(
    name="echo",
    summary="Say it again.",
    takes=(Take(name="text", kinds=(Kind.TEXT,)), Take(name="seconds", kinds=(Kind.NUMBER,), required=False)),
    gives=(Give(name="text", kind=Kind.TEXT),),
)
MIRROR = TaskType(
    name="mirror",
    summary="Give every picture back, its bytes reversed.",
    takes=(Take(name="images", kinds=(Kind.IMAGE,), many=True),),
    gives=(Give(name="images", kind=Kind.IMAGE), Give(name="rows", kind=Kind.TABLE)),
)


@expert(TYPE, Model(id="toy/echo"))
class Echo(Expert):
    """Answers after ``seconds`` with the process it runs in and how often it was loaded there."""

    loads = 0

    def load(self) -> None:
        type(self).loads += 1

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        time.sleep(inputs.get("seconds", 0.0))
        return {"text": f"{inputs['text']} {os.getpid()} {self.loads}"}


@expert(TYPE, Model(id="toy/other"))
class Other(Echo):
    """Another model of the same kind."""


@expert(TYPE, Model(id="toy/heavy", memory=1000))
class Heavy(Echo):
    """Takes a kilobyte."""


@expert(MIRROR, Model(id="toy/mirror"))
class Mirror(Expert):
    """Turns bytes around."""

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        images = [
            Media(data=image.data[::-1], kind=image.kind, mime=image.mime, name=f"back-{image.name}")
            for image in inputs["images"]
        ]
        rows: list[Json] = [{"name": image.name, "size": len(image.data)} for image in images]
        return {"images": images, "rows": rows}


@expert(TYPE, Model(id="toy/ticking"))
class Ticking(Expert):
    """Writes a line into the file ``text`` every 20 ms, tells how far it is, and can be stopped."""

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        steps = int(inputs.get("seconds", 1.0) / 0.02)
        for step in range(steps):
            steer.progress(step / steps, f"step {step} of {steps}")
            steer.check()
            with Path(inputs["text"]).open("a") as file:
                file.write("tick\n")
            time.sleep(0.02)
        return {"text": "all ticks"}


@expert(TYPE, Model(id="toy/reading"))
class Reading(Expert):
    """Tells what the process knows: ``text`` is the name of an environment variable."""

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        return {"text": os.environ.get(inputs["text"], "unset")}


@expert(TYPE, Model(id="toy/noisy"))
class Noisy(Expert):
    """Prints."""

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        print(inputs["text"], flush=True)  # noqa: T201 - as libraries do
        os.write(2, b"from deep below\n")
        return {"text": "printed"}


@expert(TYPE, Model(id="toy/dreaming", needs=("a_library_nobody_wrote",)))
class Dreaming(Echo):
    """Lacks its library."""

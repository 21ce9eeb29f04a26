"""passing: gives back what it gets, at once or after a while."""

import time

from core.contract import Expert, Give, Inputs, Model, Outputs, Steer, Take, TaskType, expert
from core.types import Kind

TYPE = TaskType(
    name="passing",
    summary="Give back what comes.",
    takes=(Take(name="image", kinds=(Kind.IMAGE,)),),
    gives=(Give(name="image", kind=Kind.IMAGE),),
)
WAITING = TaskType(
    name="waiting",
    summary="Wait.",
    takes=(Take(name="seconds", kinds=(Kind.NUMBER,)),),
    gives=(Give(name="text", kind=Kind.TEXT),),
)


@expert(TYPE, Model(id="toy/passing"))
class Passing(Expert):
    """Gives back the image."""

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        return {"image": inputs["image"]}


@expert(WAITING, Model(id="toy/waiting"))
class Waiting(Expert):
    """Waits, and looks every 10 ms whether it should stop."""

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        end = time.monotonic() + inputs["seconds"]
        while time.monotonic() < end:
            steer.check()
            time.sleep(0.01)
        return {"text": "waited"}


@expert(WAITING, Model(id="toy/deaf"))
class Deaf(Expert):
    """Waits, and does not look."""

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        time.sleep(inputs["seconds"])
        return {"text": "waited"}

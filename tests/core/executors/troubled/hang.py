"""hang: never comes back."""

from __future__ import annotations

import ctypes

from core.contract import Expert, Give, Inputs, Outputs, Steer, Take, TaskType, local
from core.types import Kind

TYPE = TaskType(
    name="hang",
    summary="Hang.",
    takes=(Take(name="text", kinds=(Kind.TEXT,)),),
    gives=(Give(name="text", kind=Kind.TEXT),),
)


@local(TYPE)
class Deaf(Expert):
    """Holds the interpreter's lock in C: no Python thread of its process runs any more."""

    def load(self) -> None:
        """Load nothing."""

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        """Sleep for far longer than any deadline."""
        ctypes.PyDLL(None).sleep(600)
        return {"text": ""}

"""Stage 4, response generation: which files belong to the answer, and how its pieces become one text."""

from __future__ import annotations

from core.events import Trace
from core.types import Artifact, TaskRef

WORDLESS = "I have nothing to say to that."
"""Better than silence: the answer where a controller gave none."""


def deliverables(trace: Trace) -> tuple[Artifact, ...]:
    """Return the files to hand over: what finished tasks made and no finished task used up, each once, in order."""
    consumed = {
        (ref.task, ref.output)
        for task in trace.tasks.values()
        if task.id in trace.results
        for ref in task.references()
        if isinstance(ref, TaskRef)
    }
    found: dict[str, Artifact] = {}
    for number, result in sorted(trace.results.items()):
        for position, (name, output) in enumerate(result.outputs.items()):
            used = (number, name) in consumed or (position == 0 and (number, None) in consumed)
            if isinstance(output, Artifact) and not used:
                found.setdefault(output.sha256, output)
    return tuple(found.values())


def joined(said: str, more: str) -> str:
    """Return ``more`` as it has to be said after ``said``: a new paragraph starts where a stage starts."""
    return f"\n\n{more}" if said and not said.endswith("\n") else more

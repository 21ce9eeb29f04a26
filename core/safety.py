"""What becomes of pictures and films by what a classifier said of them, and by how careful a place is.

Only what is shown is bound by it: tasks go on with every file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from enum import StrEnum

from core.events import Answered, Flagged, Trace
from core.types import Artifact, Output, Request, Safety

UNCHECKED = "unchecked"
"""In place of a label, with a score of 0: a classifier should have looked at it and could not."""

UNCLASSIFIED = "unclassified"
"""In place of a label, with a score of 0: no classifier can run here."""


class Showing(StrEnum):
    """How a file is shown."""

    SHOWN = "shown"
    BLURRED = "blurred"  # behind a spoiler: whoever wants to see it has to say so
    WITHHELD = "withheld"


def showing(request: Request, trace: Trace, file: Artifact, *, spoilers: bool = True) -> Showing:
    """Return how a file is shown where the request was made; without ``spoilers`` nothing can be blurred there."""
    if request.safety is Safety.OFF or file.sha256 not in trace.flagged:
        return Showing.SHOWN
    return Showing.BLURRED if request.safety is Safety.BLUR and spoilers else Showing.WITHHELD


def why(flagged: Flagged) -> str:
    """Return why a file is not simply shown, to stand after a colon."""
    match flagged.label:
        case label if label == UNCLASSIFIED:
            return "no model here can tell unsafe pictures, and this place shows only what was found safe"
        case label if label == UNCHECKED:
            return "it could not be checked whether it is unsafe"
        case label:
            return f"a classifier takes it for unsafe ({label}, {flagged.score:.0%})"


def cleared(request: Request, trace: Trace, *, spoilers: bool = True) -> Trace:
    """Return the trace as it may be shown: without what is withheld, with a sentence in its place.

    What is flagged in it is there to be blurred.
    """
    gone = {
        file.sha256: f"{file.name} is not shown here: {why(trace.flagged[file.sha256])}."
        for file in _files(trace)
        if showing(request, trace, file, spoilers=spoilers) is Showing.WITHHELD
    }
    if request.safety is Safety.OFF and trace.flagged:
        return replace(trace, flagged={})
    if not gone:
        return trace
    answer = _answer(trace.answer, gone) if trace.answer else None
    return replace(
        trace,
        results={
            number: replace(result, outputs={name: _output(output, gone) for name, output in result.outputs.items()})
            for number, result in trace.results.items()
        },
        answer=answer,
        saying=answer.text if answer else trace.saying,
        flagged={sha256: flagged for sha256, flagged in trace.flagged.items() if sha256 not in gone},
    )


def _files(trace: Trace) -> Iterator[Artifact]:
    for result in trace.results.values():
        yield from (output for output in result.outputs.values() if isinstance(output, Artifact))
    yield from trace.answer.artifacts if trace.answer else ()


def _output(output: Output, gone: Mapping[str, str]) -> Output:
    return gone.get(output.sha256, output) if isinstance(output, Artifact) else output


def _answer(answer: Answered, gone: Mapping[str, str]) -> Answered:
    words = dict.fromkeys(gone[file.sha256] for file in answer.artifacts if file.sha256 in gone)
    kept = tuple(file for file in answer.artifacts if file.sha256 not in gone)
    return Answered("\n\n".join(part for part in (answer.text, "\n".join(words)) if part), kept)

"""One sentence for each file handed over: what it is, and which models made it."""

from __future__ import annotations

from collections.abc import Iterator

from core.controllers.rules.markdown import code, inline
from core.controllers.rules.naming import named
from core.events import Trace
from core.stages.respond import deliverables
from core.types import Artifact, Kind, Task, TaskRef

_KINDS = {
    Kind.AUDIO: "sound",
    Kind.VIDEO: "video",
    Kind.IMAGE: "picture",
    Kind.DOCUMENT: "document",
    Kind.TEXT: "text",
}
_LONGEST = 80
"""Characters of words that are quoted."""


def handed(trace: Trace) -> Iterator[str]:
    """Yield the sentences."""
    for file in deliverables(trace):
        maker = _maker(trace, file)
        if file.kind in _KINDS and maker is not None:
            models = ", ".join(dict.fromkeys(_models(trace, maker)))
            yield f"{_what(trace, maker, file)} attached: {code(file.name)} ({models})."


def _maker(trace: Trace, file: Artifact) -> Task | None:
    for number, result in sorted(trace.results.items()):
        if file in result.outputs.values():
            return trace.tasks.get(number)
    return None


def _what(trace: Trace, task: Task, file: Artifact) -> str:
    """Say what a file is, with its verb."""
    args, kind = task.args, _KINDS[file.kind]
    match task.type:
        case "text-to-speech" if "text" in args:
            what = named(trace, args["text"])
            return f"{what[:1].upper()}{what[1:]}, read aloud, is"
        case "text-overlay" if isinstance(args.get("text"), str):
            return f"The picture with {inline(str(args['text'])[:_LONGEST])} on it is"
        case "canny-control" if "image" in args:
            return f"The edges of {named(trace, args['image'])} are"
        case "audio-conversion" | "video-conversion":
            return f"The {kind} as {file.name.rpartition('.')[2].upper()} is"
        case "object-detection" | "zero-shot-object-detection":
            return "The picture with what was found marked is"
        case "automatic-speech-recognition":
            return "The transcript with times is"
        case "image-to-image":
            return "The edited picture is"
        case _:
            return f"The {kind} is"


def _models(trace: Trace, task: Task) -> Iterator[str]:
    """Name the model of a task, after those of the steps of the same kind of file before it."""
    for ref in task.references():
        before = trace.tasks.get(ref.task) if isinstance(ref, TaskRef) else None
        if before is not None and _gives_file(trace, before):
            yield from _models(trace, before)
    if task.id in trace.results:
        yield code(trace.results[task.id].model)


def _gives_file(trace: Trace, task: Task) -> bool:
    result = trace.results.get(task.id)
    return result is not None and any(isinstance(output, Artifact) for output in result.outputs.values())

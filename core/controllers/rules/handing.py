"""One sentence for each file handed over: what it is, and which models made it."""

from __future__ import annotations

from collections.abc import Iterator

from core.controllers.rules.markdown import code, inline
from core.controllers.rules.naming import named, source
from core.events import Trace
from core.stages.respond import deliverables
from core.types import Arg, Artifact, Kind, Task, TaskRef

_KINDS = {
    Kind.AUDIO: "sound",
    Kind.VIDEO: "video",
    Kind.IMAGE: "picture",
    Kind.DOCUMENT: "document",
    Kind.TEXT: "text",
}
_LONGEST = 80
"""Characters of words that are quoted."""

_OF_SOURCE = {
    "object-detection": "{source} with what was found marked is",
    "zero-shot-object-detection": "{source} with what was found marked is",
    "image-segmentation": "{source} with each segment in its colour is",
    "depth-estimation": "The depth of {source} is",
    "image-to-video": "The video made of {source} is",
    "canny-control": "The edges of {source} are",
    "hed-control": "The soft outlines of {source} are",
    "mlsd-control": "The straight lines of {source} are",
    "openpose-control": "The poses in {source} are",
    "normal-control": "The surfaces of {source}, each direction in its colour, are",
    "scribble-control": "{source} as a scribble is",
    "depth-control": "The depth of {source} is",
    "seg-control": "The segments of {source} are",
}
_OF_WISH = {
    "text-to-image": "The picture of {wish} is",
    "text-to-video": "The video of {wish} is",
    "text-to-audio": "The sound made for {wish} is",
}


def handed(trace: Trace) -> Iterator[str]:
    """Yield the sentences."""
    for file in deliverables(trace):
        maker = _maker(trace, file)
        if file.kind in _KINDS and maker is not None:
            how = ", ".join([*dict.fromkeys(_models(trace, maker)), *_seed(trace, maker)])
            yield f"{_what(trace, maker, file)} attached: {code(file.name)} ({how})."


def _maker(trace: Trace, file: Artifact) -> Task | None:
    for number, result in sorted(trace.results.items()):
        if file in result.outputs.values():
            return trace.tasks.get(number)
    return None


def _what(trace: Trace, task: Task, file: Artifact) -> str:
    """Say what a file is, with its verb."""
    args, kind = task.args, _KINDS[file.kind]
    form = _OF_WISH.get("text-to-image" if task.type.endswith("-text-to-image") else task.type)
    if form and (wish := args.get("prompt", args.get("text"))) is not None:
        return form.format(wish=_quoted(trace, wish))
    if form := _OF_SOURCE.get(task.type):
        return _begun(form.format(source=source(trace, task)))
    match task.type:
        case "text-to-speech" if "text" in args:
            return f"{_begun(named(trace, args['text']))}, read aloud, is"
        case "text-overlay" if isinstance(args.get("text"), str):
            return f"The picture with {_quoted(trace, args['text'])} on it is"
        case "video-conversion" if "audio" in args:
            return f"The video with {named(trace, args['audio'])} under it is"
        case "audio-conversion" | "video-conversion":
            return f"The {kind} as {file.name.rpartition('.')[2].upper()} is"
        case "automatic-speech-recognition":
            return "The transcript with times is"
        case "image-to-image":
            return "The edited picture is"
        case "audio-to-audio":
            return "The edited recording is"
        case _:
            return f"The {kind} is"


def _quoted(trace: Trace, arg: Arg) -> str:
    """Return words in quotes, as many as fit into a sentence; or what they are called."""
    if not isinstance(arg, str):
        return named(trace, arg)
    return inline(arg if len(arg) <= _LONGEST else f"{arg[:_LONGEST].rstrip()} …")


def _begun(text: str) -> str:
    """Return a sentence with a capital at its start."""
    return text[:1].upper() + text[1:]


def _models(trace: Trace, task: Task) -> Iterator[str]:
    """Name the model of a task, after those of the steps of the same kind of file before it."""
    for ref in task.references():
        before = trace.tasks.get(ref.task) if isinstance(ref, TaskRef) else None
        if before is not None and _gives_file(trace, before):
            yield from _models(trace, before)
    if task.id in trace.results:
        yield code(trace.results[task.id].model)


def _seed(trace: Trace, task: Task) -> Iterator[str]:
    """Tell the seed: whoever names it gets the very same once more."""
    seed = trace.results[task.id].outputs.get("seed")
    if isinstance(seed, int | float):
        yield f"seed {seed:.0f}"


def _gives_file(trace: Trace, task: Task) -> bool:
    result = trace.results.get(task.id)
    return result is not None and any(isinstance(output, Artifact) for output in result.outputs.values())

"""Stage 4 without a language model: the answer, composed by templates from what the tasks found. English only."""

from __future__ import annotations

from collections.abc import Iterator

from core.controllers.rules import talk
from core.controllers.rules.counts import counts
from core.controllers.rules.findings import finding
from core.controllers.rules.markdown import code
from core.controllers.rules.wiring.gathering import reads_only
from core.controllers.rules.wishing.understanding import understand
from core.events import Trace
from core.ports import Brief
from core.stages.respond import deliverables
from core.types import Kind

_FILES = {
    Kind.AUDIO: ("The audio is", "The audio files are"),
    Kind.VIDEO: ("The video is", "The videos are"),
    Kind.IMAGE: ("The picture is", "The pictures are"),
    Kind.DOCUMENT: ("The document is", "The documents are"),
}
_MORE = {
    Kind.IMAGE: "say it aloud, summarise it, change the picture or answer a question about it",
    Kind.DOCUMENT: "say it aloud, summarise it or answer a question about it",
    Kind.TEXT: "say it aloud, tell its sentiment or answer a question about it",
    Kind.AUDIO: "summarise it or convert the file to another format",
    Kind.VIDEO: "extract its sound or convert it to another format",
}


def reply(brief: Brief, trace: Trace) -> Iterator[str]:
    """Yield the paragraphs of the answer."""
    yield from _refusals(trace)
    yield from _findings(trace)
    yield from counts(brief, trace)
    yield from _files(trace)
    yield from _remarks(brief, trace)
    yield from _troubles(trace)


def _refusals(trace: Trace) -> Iterator[str]:
    for _, refused in sorted(trace.refused.items()):
        yield f"{code(refused.name)} cannot be used: {refused.why}"


def _findings(trace: Trace) -> Iterator[str]:
    for number in sorted(trace.results):
        text = finding(trace, number)
        if text:
            yield text


def _files(trace: Trace) -> Iterator[str]:
    """Name the files of the answer, a sentence a kind."""
    files = deliverables(trace)
    for kind, (one, several) in _FILES.items():
        names = [code(file.name) for file in files if file.kind is kind]
        if names:
            yield f"{one if len(names) == 1 else several} attached: {', '.join(names)}{_makers(trace, kind)}."


def _makers(trace: Trace, kind: Kind) -> str:
    models = [
        result.model
        for number, result in sorted(trace.results.items())
        if any(getattr(output, "kind", None) is kind for output in result.outputs.values())
    ]
    return f" (made with {', '.join(code(model) for model in dict.fromkeys(models))})" if models else ""


def _remarks(brief: Brief, trace: Trace) -> Iterator[str]:
    """Say what a person may not expect: that pictures are only read here, and what else can be asked."""
    done = {trace.tasks[number].type for number in trace.results if number in trace.tasks}
    if not brief.text.strip() and done:
        kinds = [brief.artifacts[number].kind for number in range(brief.own) if number in brief.artifacts]
        if kinds and kinds[0] in _MORE:
            yield f"You can also ask me to {_MORE[kinds[0]]}."
    elif done == {"image-to-text"} and reads_only(brief) and _wished_description(brief.text):
        yield talk.only_reads()


def _wished_description(text: str) -> bool:
    return any(
        intent.task in ("@describe", "@detail") or intent.clause.has("DESCRIBE", "CAPTION")
        for intent in understand(text).intents
    )


def _troubles(trace: Trace) -> Iterator[str]:
    """Say what failed, what was left out because of it, and what was no task."""
    for number, why in sorted(trace.failures.items()):
        yield f"The step **{_name(trace, number)}** failed: {why}"
    for number, because in sorted(trace.skipped.items()):
        yield f"The step **{_name(trace, number)}** was left out, because **{_name(trace, because)}** gave no result."
    for rejected in trace.rejected:
        yield f"I could not plan **{_plain(rejected.what)}**: {rejected.why}"


def _name(trace: Trace, number: int) -> str:
    return trace.tasks[number].type if number in trace.tasks else f"number {number}"


def _plain(text: str) -> str:
    return "".join(letter for letter in text[:80] if letter.isalnum() or letter in " -")

"""Stage 4 without a language model: the answer, composed by templates from what the tasks found. English only."""

from __future__ import annotations

from collections.abc import Iterator

from core.controllers.rules import lacks
from core.controllers.rules.counts import counts
from core.controllers.rules.findings import finding
from core.controllers.rules.handing import handed
from core.controllers.rules.markdown import code
from core.controllers.rules.wiring.gathering import reads_only
from core.controllers.rules.wishing.understanding import understand
from core.events import Rejected, Trace
from core.ports import Brief
from core.refusal import told
from core.types import Kind

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
    yield from handed(trace)
    yield from _remarks(brief, trace)
    yield from _troubles(trace)


def _refusals(trace: Trace) -> Iterator[str]:
    for _, refused in sorted(trace.refused.items()):
        yield told(refused, code)


def _findings(trace: Trace) -> Iterator[str]:
    for number in sorted(trace.results):
        text = finding(trace, number)
        if text:
            yield text


def _remarks(brief: Brief, trace: Trace) -> Iterator[str]:
    """Say what a person may not expect: that pictures are only read here, and what else can be asked."""
    done = {trace.tasks[number].type for number in trace.results if number in trace.tasks}
    if not brief.text.strip() and done:
        kinds = [brief.artifacts[number].kind for number in range(brief.own) if number in brief.artifacts]
        if kinds and kinds[0] in _MORE:
            yield f"You can also ask me to {_MORE[kinds[0]]}."
    elif done == {"image-to-text"} and reads_only(brief) and _wished_description(brief.text):
        yield lacks.only_reads()


def _wished_description(text: str) -> bool:
    return any(
        intent.task in ("@describe", "@detail") or intent.clause.has("DESCRIBE", "CAPTION")
        for intent in understand(text).intents
    )


def _troubles(trace: Trace) -> Iterator[str]:
    """Say what failed, what was left out because of it, and what was no task. A lone step needs no name."""
    lone = len(trace.tasks) == 1
    for number, why in sorted(trace.failures.items()):
        yield why if lone else f"**{_name(trace, number)}** failed: {why}"
    for number, because in sorted(trace.skipped.items()):
        yield f"**{_name(trace, number)}** was left out, because **{_name(trace, because)}** gave no result."
    for rejected in trace.rejected:
        yield _rejected(rejected)


def _rejected(rejected: Rejected) -> str:
    """Say what was no task; what no draft stands for is a model that somebody asked for, or a part of the plan."""
    if rejected.draft is None and " " not in rejected.what:
        return f"{code(rejected.what)}: {rejected.why}"
    return f"I could not plan **{_plain(rejected.what)}**: {rejected.why}"


def _name(trace: Trace, number: int) -> str:
    return trace.tasks[number].type if number in trace.tasks else f"number {number}"


def _plain(text: str) -> str:
    return "".join(letter for letter in text[:80] if letter.isalnum() or letter in " -")

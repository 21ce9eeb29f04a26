"""The texts of a message: quotes, and sentences that wish for nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.controllers.rules.reading.clause import Clause
from core.controllers.rules.reading.word import Word
from core.controllers.rules.wishing.intent import Intent


@dataclass(frozen=True, slots=True)
class Passage:
    """A text of the message itself."""

    text: str
    names: frozenset[str]
    start: int  # offset in the request
    question: bool = False


LOOSE = frozenset({"TEXTY", "text"})
"""Names of a text that stands in the message without quotes."""


def passages(text: str, clauses: Sequence[Clause], found: Sequence[Intent]) -> Iterator[Passage]:
    """Yield the texts of the message: quotes, and sentences that wish for nothing."""
    written = {intent.clause.start for intent in found if intent.task == "text-overlay"}
    wishing = {intent.clause.start for intent in found}
    last: tuple[Word, ...] = ()
    for clause in clauses:
        for at, word in enumerate(clause.words):
            if word.kind == "quote" and clause.start not in written:
                before = (clause.words[:at] or last)[-10:]
                names = frozenset(name for one in before for name in (*one.concepts, one.low))
                asked = word.text.endswith("?") and ("TEXTY" not in names or names & {"QUESTION", "ANSWER"})
                question = bool(asked) or any(one.means("QUESTION") for one in before[-3:])
                yield Passage(word.text, names, word.start if clause.start in wishing else 0, question)
        last = clause.words
    if not any(clause.has("QUOTE") for clause in clauses):
        yield from _loose(text, clauses, found)


def _tells_of_media(clause: Clause) -> bool:
    """Whether a sentence says how a file is: "the audio quality is poor"."""
    subject = clause.words[:2]
    return subject[0].means("DEF") and any(word.means(name) for word in subject for name in ("IMAGE", "AUDIO", "VIDEO"))


def _loose(text: str, clauses: Sequence[Clause], found: Sequence[Intent]) -> Iterator[Passage]:
    """Yield the sentences before or after all wishes as one text."""
    busy = {intent.clause.sentence for intent in found}
    told = {clause.sentence for clause in clauses if clause.statement}
    free = [
        clause
        for clause in clauses
        if clause.sentence not in busy | told
        and not any(word.kind == "file" for word in clause.words)
        and not _tells_of_media(clause)
    ]
    if not busy or sum(len(clause.words) for clause in free) < 4:
        return
    start, end = free[0].start, free[-1].end
    if any(start < intent.clause.start < end for intent in found) or end - start < 20:
        return
    end += text[end : end + 1] in (".", "!", "?")
    yield Passage(text[start:end], LOOSE, 0, text[start:end].endswith("?"))

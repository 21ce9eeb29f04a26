"""Which files a clause is about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.controllers.rules.reading.clause import Clause
from core.controllers.rules.reading.vocabulary import is_verb
from core.controllers.rules.reading.word import Word
from core.controllers.rules.wiring.desk import Desk, Thing
from core.types import Kind

ORDINALS = {
    "first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3, "fifth": 4, "last": -1,
    "latter": -1, "former": 0, "other": 1, "previous": -2,
}  # fmt: skip

_CONCEPTS = {Kind.IMAGE: "IMAGE", Kind.DOCUMENT: "pdf", Kind.AUDIO: "AUDIO", Kind.VIDEO: "VIDEO"}


def attached(desk: Desk, kinds: Sequence[Kind], clause: Clause) -> list[Thing]:
    """Return the files a clause is about: those named or numbered, else all of the message, else the newest."""
    own = [thing for thing in desk.files if thing.kind in kinds]
    return _written(own, clause) or _called(own, clause) or _kindred(own, clause) or _placed(desk, own, kinds, clause)


def numbered(desk: Desk, clause: Clause) -> bool:
    """Whether a clause picks one of several files by its number."""
    return len(desk.files) + len(desk.earlier) > 1 and next(_ordinals(clause), None) is not None


def written(desk: Desk, kinds: Sequence[Kind], clause: Clause) -> bool:
    """Whether a clause writes the name of a file of the message."""
    return bool(_written([thing for thing in desk.files if thing.kind in kinds], clause))


def _written(files: Sequence[Thing], clause: Clause) -> list[Thing]:
    names = {word.low for word in clause.words if word.kind == "file"}
    return [thing for thing in files if names & thing.names]


def _called(files: Sequence[Thing], clause: Clause) -> list[Thing]:
    """Return the files, not all, whose name holds a word of the clause, or that were told to be what it names.

    "The letter" is letter.jpg; "the table" is a.jpg of "a table in a.jpg".
    """
    words = {word.low for word in clause.words if word.kind == "word" and len(word.low) > 2 and _names(word)}
    for names in (words, {name for name in ("DOC", "TABLE") if clause.has(name)}):
        called = [thing for thing in files if names & thing.names]
        if 0 < len(called) < len(files):
            return called
    return []


def _kindred(files: Sequence[Thing], clause: Clause) -> list[Thing]:
    """Return the files, not all, of a kind that the clause names: "the song" beside a video."""
    named = [thing for thing in files if thing.kind in _CONCEPTS and clause.has(_CONCEPTS[thing.kind])]
    return named if len({thing.kind for thing in named}) == 1 and len(named) < len(files) else []


def _names(word: Word) -> bool:
    """Whether a word can name a thing."""
    return any(word.means(name) for name in ("NOUN", "PLURAL", "DOC", "TEXTY", "IMAGE", "AUDIO", "VIDEO", "TABLE"))


def _ordinals(clause: Clause) -> Iterator[int]:
    """Yield the places that a clause numbers: "the second", "image 2". At its start, "first" numbers the step."""
    for at, word in enumerate(clause.words):
        before = clause.words[at - 1] if at else None
        after = clause.words[at + 1] if at + 1 < len(clause.words) else None
        if word.low in ORDINALS and _numbers(before, after):
            yield ORDINALS[word.low]
        elif word.kind == "number" and word.text.isdecimal() and before is not None and _is_file(before):
            yield int(word.text) - 1


def _numbers(before: Word | None, after: Word | None) -> bool:
    if after is not None and (_is_file(after) or after.low in ("one", "two")):
        return True
    return before is not None and (after is None or (before.low == "the" and (is_verb(after) or after.kind == "mark")))


def _is_file(word: Word) -> bool:
    return any(word.means(name) for name in ("IMAGE", "DOC", "AUDIO", "VIDEO")) or word.low in ("file", "text")


def _placed(desk: Desk, own: Sequence[Thing], kinds: Sequence[Kind], clause: Clause) -> list[Thing]:
    """Return the files at the places a clause numbers, counted over the conversation where the message has but one."""
    heard = Kind.AUDIO in kinds and Kind.IMAGE not in kinds
    everything = [*(thing for thing in desk.earlier if thing.kind in kinds and (heard or not thing.aside)), *own]
    pool = own if len(own) > 1 or not desk.earlier else everything
    chosen = [pool[number] for number in _ordinals(clause) if -len(pool) <= number < len(pool)]
    return chosen or list(own) or everything[-1:]

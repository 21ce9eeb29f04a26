"""What lies ready while a plan is made: files, texts of the message, results of steps already planned."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from core.controllers.rules.reading.clause import Clause
from core.controllers.rules.reading.vocabulary import is_verb
from core.controllers.rules.reading.word import Word
from core.controllers.rules.wishing.passages import Passage
from core.types import Json, Kind

ORDINALS = {
    "first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3, "fifth": 4, "last": -1,
    "latter": -1, "former": 0, "other": 1, "previous": -2,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Thing:
    """A file, or the result of a step (of several like steps, where a wish was for several files)."""

    refs: tuple[str, ...]
    kind: Kind
    names: frozenset[str]  # concepts and words by which a clause may speak of it
    task: str = ""  # the task type that makes it; empty for files
    aside: bool = False  # labels, tables, depth maps: taken up only when spoken of


@dataclass(slots=True)
class Desk:
    """Grows while steps are planned."""

    files: Sequence[Thing]  # of the message, in order
    earlier: Sequence[Thing]  # of the window, oldest first
    passages: Sequence[Passage]
    said: str = ""  # the newest answer's text
    made: list[Thing] = field(default_factory=list)

    def kinds(self) -> set[Kind]:
        """Return the kinds there are."""
        found = {thing.kind for thing in (*self.files, *self.made)}
        if any(not passage.question for passage in self.passages):
            found.add(Kind.TEXT)
        return found or {thing.kind for thing in self.earlier}

    def readable(self) -> bool:
        """Whether a file of the message holds words."""
        return any(thing.kind in (Kind.TEXT, Kind.IMAGE, Kind.DOCUMENT) for thing in self.files)

    def newest(self, kinds: Collection[Kind], *, aside: bool = False) -> Thing | None:
        """Return the newest result of one of ``kinds``."""
        for thing in reversed(self.made):
            if thing.kind in kinds and (aside or not thing.aside):
                return thing
        return None

    def named(self, kinds: Collection[Kind], words: Sequence[Word]) -> Thing | None:
        """Return the result that ``words`` speak of by name, the newest of the best."""
        best: tuple[int, Thing | None] = (0, None)
        for thing in self.made:
            score = len({name for word in words for name in (*word.concepts, word.low)} & thing.names)
            if thing.kind in kinds and score and score >= best[0]:
                best = (score, thing)
        return best[1]

    def numbered(self, clause: Clause) -> bool:
        """Whether a clause picks one of several files by its number."""
        return len(self.files) + len(self.earlier) > 1 and next(_ordinals(clause), None) is not None

    def attached(self, kinds: Sequence[Kind], clause: Clause) -> list[Thing]:
        """Return the files a clause is about: those named or numbered, else all of the message, else the newest."""
        own = [thing for thing in self.files if thing.kind in kinds]
        called = [
            thing for thing in own if any(word.kind == "file" and word.low in thing.names for word in clause.words)
        ]
        if called or (called := _called(own, clause) or _kindred(own, clause)):
            return called
        heard = Kind.AUDIO in kinds and Kind.IMAGE not in kinds
        everything = [*(thing for thing in self.earlier if thing.kind in kinds and (heard or not thing.aside)), *own]
        numbers = list(_ordinals(clause))
        pool = own if len(own) > 1 or not self.earlier else everything
        chosen = [pool[number] for number in numbers if -len(pool) <= number < len(pool)]
        return chosen or own or everything[-1:]


def _called(files: Sequence[Thing], clause: Clause) -> list[Thing]:
    """Return the files, not all, whose name holds a word of the clause: "the letter" is letter.jpg."""
    words = {word.low for word in clause.words if word.kind == "word" and len(word.low) > 2 and _names(word)}
    called = [thing for thing in files if words & thing.names]
    return called if len(called) < len(files) else []


_CONCEPTS = {Kind.IMAGE: "IMAGE", Kind.DOCUMENT: "pdf", Kind.AUDIO: "AUDIO", Kind.VIDEO: "VIDEO"}


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


def listed(refs: Sequence[str]) -> Json:
    """Return one reference as itself, several as a list."""
    return refs[0] if len(refs) == 1 else list(refs)

"""What lies ready while a plan is made: files, texts of the message, results of steps already planned."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from core.controllers.rules.reading.word import Word
from core.controllers.rules.wishing.passages import Passage
from core.types import Json, Kind


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


def listed(refs: Sequence[str]) -> Json:
    """Return one reference as itself, several as a list."""
    return refs[0] if len(refs) == 1 else list(refs)

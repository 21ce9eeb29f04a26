"""A wish found in a clause."""

from __future__ import annotations

from dataclasses import dataclass, replace

from core.controllers.rules.reading.clause import Clause
from core.controllers.rules.reading.word import Word


@dataclass(frozen=True, slots=True)
class Intent:
    """A task that a clause wishes for."""

    task: str
    clause: Clause
    used: tuple[int, ...]  # indexes of the clause's words that matched
    weak: bool
    score: float
    sure: bool = False

    @property
    def head(self) -> int:
        """Index of the first word that matched."""
        return self.used[0]

    def plus(self, clause: Clause) -> Intent:
        """Return the wish with the words of a further clause."""
        words = (*self.clause.words, *clause.words)
        return replace(self, clause=replace(self.clause, words=words, labels=self.clause.labels or clause.labels))

    @property
    def rest(self) -> tuple[Word, ...]:
        """The clause's words without the one that heads the wish."""
        return tuple(word for at, word in enumerate(self.clause.words) if at != self.head)

    @property
    def quotes(self) -> list[str]:
        """The texts that the clause quotes."""
        return [word.text for word in self.clause.words if word.kind == "quote"]

    @property
    def spoken(self) -> set[str]:
        """All by which the clause may speak of a thing: its words and their concepts, without the head."""
        return {name for word in self.rest for name in (*word.concepts, word.low)}

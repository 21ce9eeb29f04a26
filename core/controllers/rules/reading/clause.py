"""A clause: one wish, one question or one statement."""

from __future__ import annotations

from dataclasses import dataclass

from core.controllers.rules.reading.word import Word


@dataclass(frozen=True, slots=True)
class Clause:
    """A run of words between two joints."""

    words: tuple[Word, ...]  # words of politeness at the start are gone
    sentence: int
    statement: bool = False  # "I have a picture ...": tells, wishes nothing
    asks: bool = False  # starts as a question
    after: bool = False  # "after enhancing it, ...": tells again what was wished for
    whole: int = 0  # offset of the first word, politeness included
    labels: tuple[str, ...] = ()  # "a cat, a dog or a horse"

    @property
    def start(self) -> int:
        """Offset of the first word in the request."""
        return self.words[0].start if self.words else 0

    @property
    def end(self) -> int:
        """Offset behind the last word in the request."""
        return max((word.end for word in self.words), default=0)

    def has(self, *names: str) -> bool:
        """Whether a word carries one of the concepts."""
        return any(word.means(name) for word in self.words for name in names)

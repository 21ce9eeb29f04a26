"""One word of a request, and what it means."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Word:
    """One word, number, mark, quoted text, file name or address of a request."""

    text: str  # as written, or in English; of a quoted text, what is between the marks
    start: int  # offset in the request
    end: int
    kind: str  # "word", "number", "mark", "quote", "file" or "url"
    concepts: frozenset[str] = frozenset()
    past: bool = False  # a participle: "summarised"

    @property
    def low(self) -> str:
        """In lower case."""
        return self.text.lower()

    def means(self, name: str) -> bool:
        """Whether it carries the concept, or is the plain word."""
        return name in self.concepts or (name == self.low and self.kind == "word")

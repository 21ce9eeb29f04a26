"""Ways to wish for a task, parsed from their written form in the data."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache

from core.controllers.rules.data.patterns import PATTERNS


@dataclass(frozen=True, slots=True)
class Step:
    """One concept of a pattern, and how far from the one before it may be."""

    names: frozenset[str]
    link: str  # "", ">", "..", "+"


@dataclass(frozen=True, slots=True)
class Pattern:
    """One way to wish for a task."""

    task: str
    steps: tuple[Step, ...]
    never: frozenset[str]
    first: bool
    alone: bool  # nothing else in the clause
    weak: bool
    sure: bool

    def possible(self, have: AbstractSet[str]) -> bool:
        """Whether a clause with these concepts and words can match at all."""
        return self.never.isdisjoint(have) and not any(step.names.isdisjoint(have) for step in self.steps)


@cache
def patterns() -> tuple[Pattern, ...]:
    """Return all patterns, parsed once."""
    return tuple(_parse(task, text) for task, texts in PATTERNS.items() for text in texts.split("|") if text.strip())


def _parse(task: str, text: str) -> Pattern:
    weak, sure = text.strip().startswith("~"), text.strip().startswith("*")
    steps: list[Step] = []
    never: list[str] = []
    link, first, alone = "", False, False
    for part in text.strip().lstrip("~*").split():
        if part in (">", "..", "+"):
            link = part
        elif part.startswith("!"):
            never.append(part[1:])
        else:
            first = first or part.startswith("^")
            alone = alone or part.startswith("=")
            steps.append(Step(frozenset(part.lstrip("^=").replace("_", " ").split("/")), link))
            link = ""
    return Pattern(task, tuple(steps), frozenset(never), first, alone, weak, sure)

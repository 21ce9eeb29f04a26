"""How models did here: whether they ran, how long they took, how people liked it. It breaks ties between candidates."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from core.types import Place

UNWELL = 3
"""Failures in a row after which a model is asked last."""

REST = 300.0
"""Seconds that an unwell model is left alone."""

_WEIGHT = 0.2
"""How much the newest run counts: the mean follows a change within a handful of runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One model's figures for one task type."""

    runs: int = 0
    failures: int = 0  # of these runs
    failed_in_a_row: int = 0
    seconds: float | None = None  # running mean of the runs that went well
    up: int = 0  # thumbs
    down: int = 0

    @property
    def unwell(self) -> bool:
        """Whether it failed too often lately."""
        return self.failed_in_a_row >= UNWELL

    @property
    def liking(self) -> float:
        """How people like it, from 0 to 1; one half where nobody said, and close to it where few did."""
        return (self.up + 1) / (self.up + self.down + 2)

    def after(self, *, seconds: float | None) -> Figure:
        """Return the figure after one more run; ``seconds`` None means that it failed by its own fault."""
        if seconds is None:
            failed = {"failures": self.failures + 1, "failed_in_a_row": self.failed_in_a_row + 1}
            return replace(self, runs=self.runs + 1, **failed)
        mean = seconds if self.seconds is None else (1 - _WEIGHT) * self.seconds + _WEIGHT * seconds
        return replace(self, runs=self.runs + 1, failed_in_a_row=0, seconds=mean)

    def plus(self, news: Figure) -> Figure:
        """Return the figure with newer ones on top: counts add up, of what is no count the newer one stands."""
        return Figure(
            runs=self.runs + news.runs,
            failures=self.failures + news.failures,
            failed_in_a_row=news.failed_in_a_row if news.runs else self.failed_in_a_row,
            seconds=self.seconds if news.seconds is None else news.seconds,
            up=self.up + news.up,
            down=self.down + news.down,
        )


Key: TypeAlias = tuple[str, str, Place]
"""Task type, model and place."""

Entries: TypeAlias = dict[Key, Figure]


@dataclass(slots=True)
class Figures:
    """The figures as this process knows them; what is new since they were last kept is counted apart."""

    clock: Callable[[], float] = time.monotonic
    _of: Entries = field(default_factory=dict)
    _news: Entries = field(default_factory=dict)
    _failed: dict[Key, float] = field(default_factory=dict)  # when it last failed, by the clock

    def of(self, type_: str, model: str, place: Place) -> Figure:
        """Return the figure of a model at a place, an empty one where it never ran there.

        What was unwell for a while gets another try: one more failure, and it is unwell again.
        """
        key = (type_, model, place)
        figure = self._of.get(key, Figure())
        if figure.unwell and self.clock() - self._failed.get(key, -REST) >= REST:
            return replace(figure, failed_in_a_row=UNWELL - 1)
        return figure

    def unwell(self) -> list[Key]:
        """Return what failed too often lately and is not to get another try yet."""
        return sorted(key for key in self._of if self.of(*key).unwell)

    def usual(self, type_: str, place: Place) -> float | None:
        """Return how long a run of such a task takes at a place, whichever model does it; None where none ever ran."""
        known = [(one.runs - one.failures, one.seconds) for key, one in self._of.items() if key[::2] == (type_, place)]
        runs = sum(count for count, seconds in known if seconds is not None)
        return sum(count * seconds for count, seconds in known if seconds is not None) / runs if runs else None

    def note(self, type_: str, model: str, place: Place, *, seconds: float | None) -> None:
        """Take down a run; ``seconds`` None means that it failed by the model's or its place's fault."""
        key, before = (type_, model, place), self.of(type_, model, place)
        if seconds is None:
            self._failed[key] = self.clock()
        now = self._of[key] = before.after(seconds=seconds)
        run = replace(now, runs=1, failures=now.failures - before.failures, up=0, down=0)
        self._news[key] = self._news.get(key, Figure()).plus(run)

    def news(self) -> Entries:
        """Return what is new, and begin to count anew."""
        news, self._news = self._news, {}
        return news

    def give_back(self, news: Entries) -> None:
        """Take back news that could not be kept, so that they are told again."""
        self._news = merged(news, self._news.items())

    def learn(self, kept: Entries) -> None:
        """Know what was kept, by other processes too, and on top of it what is still new here."""
        self._of = merged(kept, self._news.items())


def merged(entries: Entries, news: Iterable[tuple[Key, Figure]]) -> Entries:
    """Return entries with newer ones on top."""
    found = dict(entries)
    for key, figure in news:
        found[key] = found.get(key, Figure()).plus(figure)
    return found

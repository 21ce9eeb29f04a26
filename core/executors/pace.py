"""How long jobs take here, each model's for itself, and how long one given now would wait for its turn."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

Key = tuple[str, str]
"""Task type and model."""

WEIGHT = 0.3
"""How much the newest run counts: the mean follows a change within a few runs."""

GUESS = 1.0
"""Seconds of a run where nothing was ever measured."""


@dataclass(slots=True)
class _Run:
    key: Key
    began: float
    good: bool = False

    def succeed(self) -> None:
        """Note that it came to an end of its own: how long it took says something."""
        self.good = True


class Pace:
    """Measures runs: of one job, or of several that run together."""

    def __init__(self) -> None:
        self._seconds: dict[Key, float] = {}
        self._running: list[_Run] = []
        self._ended: dict[Hashable, float] = {}  # when the last run on a lane did

    def seconds(self, key: Key) -> float | None:
        """Return how long a run of a model takes, waiting left out; None where it never ran."""
        return self._seconds.get(key)

    @contextmanager
    def run(self, key: Key, lane: Hashable) -> Iterator[_Run]:
        """Measure the block; whoever runs says whether it counts. What is ready early begins when its lane is free."""
        run = _Run(key, time.monotonic())
        self._running.append(run)
        try:
            yield run
        finally:
            self._running.remove(run)
            began, now = max(run.began, self._ended.get(lane, 0.0)), time.monotonic()
            self._ended[lane] = now
            if run.good:
                self._note(key, now - began)

    def wait(self, lanes: int, waiting: Iterable[tuple[Key, int]]) -> float:
        """Return the seconds that a job given now would wait, with ``lanes`` runs at a time.

        ``waiting`` are the models of jobs in the queue, with how many of each run together.
        """
        queue = Counter(waiting)
        if not queue and len(self._running) < lanes:
            return 0.0
        now = time.monotonic()
        ahead = sum(self._left(run, now) for run in self._running)
        ahead += sum(-(-count // together) * self._expected(key) for (key, together), count in queue.items())
        return ahead / max(lanes, 1)

    def _note(self, key: Key, seconds: float) -> None:
        known = self._seconds.get(key)
        self._seconds[key] = seconds if known is None else (1 - WEIGHT) * known + WEIGHT * seconds

    def _expected(self, key: Key) -> float:
        known = self._seconds.get(key)
        if known is not None:
            return known
        return sum(self._seconds.values()) / len(self._seconds) if self._seconds else GUESS

    def _left(self, run: _Run, now: float) -> float:
        """Return what is left of a run; one that takes longer than expected may go on for a while."""
        expected = self._expected(run.key)
        return max(expected - (now - run.began), expected / 10)

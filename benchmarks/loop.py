"""How long the event loop was held up, and by what: nobody else gets a turn meanwhile."""

from __future__ import annotations

import asyncio
import math
import sys
import threading
import time
import traceback
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

TICK = 0.001  # seconds
LATE = 0.02
"""Seconds from which on a held loop is looked into."""


@dataclass(slots=True)
class Held:
    """How long a loop was held each time, in seconds, and how much of that this thread worked."""

    waits: list[float] = field(default_factory=list)
    works: list[float] = field(default_factory=list)
    beat: float = math.inf  # when the loop last had a turn, by the monotonic clock

    async def watch(self) -> None:
        """Take down each turn that a task has to wait for, until cancelled."""
        while True:
            self.beat = before = time.perf_counter()
            worked = time.thread_time()
            await asyncio.sleep(TICK)
            self.waits.append(max(0.0, time.perf_counter() - before - TICK))
            self.works.append(time.thread_time() - worked)

    @property
    def longest(self) -> float:
        """The longest wait so far, in seconds."""
        return max(self.waits, default=0.0)

    def told(self) -> dict[str, float]:
        """Return milliseconds: what 999 of 1,000 turns keep to, the longest wait, and the longest work."""
        waits, works = sorted(self.waits), sorted(self.works)
        at = min(len(waits) - 1, math.ceil(len(waits) * 0.999) - 1)
        return {"p99.9": waits[at] * 1e3, "longest": waits[-1] * 1e3, "work": works[-1] * 1e3, "turns": len(waits)}


@asynccontextmanager
async def watched() -> AsyncIterator[Held]:
    """Watch this loop for as long as the block lasts."""
    held = Held()
    watching = asyncio.create_task(held.watch())
    try:
        yield held
    finally:
        watching.cancel()
        held.beat = math.inf


class Witness(threading.Thread):
    """Looks, whenever the loop is late, at what holds it."""

    def __init__(self, held: Held) -> None:
        super().__init__(daemon=True)
        self.seen: Counter[str] = Counter()
        self._held = held
        self._loop = threading.get_ident()

    def run(self) -> None:
        """Look every few milliseconds, for ever."""
        while True:
            time.sleep(0.004)
            if time.perf_counter() - self._held.beat > LATE:
                self.seen[self._place()] += 1

    def _place(self) -> str:
        frames = traceback.extract_stack(sys._current_frames()[self._loop])  # noqa: SLF001 - Python's own way to look
        told = [f"{Path(one.filename).name}:{one.lineno} {one.name}" for one in frames[-3:]]
        return " > ".join(told)

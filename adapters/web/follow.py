"""Following a request to its end, whoever answers it: a worker in this process, or one elsewhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from dataclasses import replace

import anyio

from core.events import Trace, fold
from core.ports import Journal

POLL_SECONDS = 0.25
"""Between looks into the journal while no worker of this process speaks about the request."""

TRUST_SECONDS = 2.0
"""Between looks while one does: it may be gone, and another go on elsewhere."""


QUIET_SECONDS = 15.0
"""After which a picture is shown once more though nothing is new: a sign of life for whoever waits far away."""


class Watch:
    """What one follower has heard about a request in this process."""

    def __init__(self) -> None:
        """Start with nothing heard."""
        self.newest: Trace | None = None
        self.final = False
        self._news = anyio.Event()

    def tell(self, trace: Trace, *, final: bool) -> None:
        """Take the newest picture."""
        self.newest, self.final = trace, self.final or final
        self._news.set()

    async def wait(self, seconds: float) -> None:
        """Wait for news, at most so long."""
        with anyio.move_on_after(seconds):
            await self._news.wait()
        self._news = anyio.Event()


class Hub:
    """Where the mouth tells how far requests are. What nobody follows is forgotten at once."""

    def __init__(self) -> None:
        """Start with nobody following anything."""
        self._watches: defaultdict[str, set[Watch]] = defaultdict(set)

    def tell(self, request: str, trace: Trace, *, final: bool = False) -> None:
        """Tell everybody who follows a request how far it is; ``final`` when it was posted."""
        for watch in self._watches.get(request, ()):
            watch.tell(trace, final=final)

    @contextmanager
    def watching(self, request: str) -> Iterator[Watch]:
        """Follow a request for as long as the block lasts."""
        watch = Watch()
        self._watches[request].add(watch)
        try:
            yield watch
        finally:
            self._watches[request].discard(watch)
            if not self._watches[request]:
                del self._watches[request]


async def follow(hub: Hub, journal: Journal, request: str) -> AsyncGenerator[Trace]:
    """Yield a request's trace whenever it has grown, or nothing happened for long; the last one when it is posted."""
    written: Trace = Trace()
    count, shown, since = 0, None, 0.0
    with hub.watching(request) as watch:
        while True:
            final = watch.final  # as of now: news that come while this picture is looked at get one of their own
            events = await journal.read(request, after=count)
            written, count = fold(events, written), count + len(events)
            trace = newer(watch.newest, written)
            if trace != shown or anyio.current_time() - since > QUIET_SECONDS:
                yield trace
                shown, since = trace, anyio.current_time()
            if final or any(posted.final for posted in trace.posted):
                return
            await watch.wait(POLL_SECONDS if watch.newest is None else TRUST_SECONDS)


def newer(heard: Trace | None, written: Trace) -> Trace:
    """Return what is known from both: what was heard here also holds what is never written down."""
    if heard is None:
        return written
    if _facts(written) <= _facts(heard):
        return heard
    return replace(written, saying=max(heard.saying, written.saying, key=len), progress=heard.progress)


def _facts(trace: Trace) -> int:
    counted = (
        trace.artifacts,
        trace.refused,
        trace.tasks,
        trace.rejected,
        trace.selections,
        trace.started,
        trace.results,
        trace.failures,
        trace.skipped,
        trace.posted,
    )
    decided = (trace.held is not None) + 2 * (trace.approved is not None)
    return sum(map(len, counted)) + trace.rounds + trace.over + decided

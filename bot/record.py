"""One request's trace and its journal, kept in step."""

from __future__ import annotations

from collections.abc import Callable

import anyio

from core.events import EPHEMERAL, Event, Failed, Trace, fold
from core.ports import Claim, Journal
from core.redo import taken_over
from core.types import Request


class Record:
    """Folds events and writes those that last, in order, whoever adds them. :meth:`open` makes one."""

    def __init__(
        self, journal: Journal, request: Request, written: list[Event], observe: Callable[[Request, Event], None]
    ) -> None:
        """Go on after the events ``written``; ``observe`` hears each new one."""
        self.trace: Trace = fold(written)
        self._journal = journal
        self._request = request
        self._observe = observe
        self._count = len(written)
        self._turn = anyio.Lock()
        self._broken = False

    @classmethod
    async def open(cls, journal: Journal, claim: Claim, observe: Callable[[Request, Event], None]) -> Record:
        """Read what is known about a request; at the first attempt that is what it takes over, if anything.

        Raises LeaseLost when another worker wrote meanwhile, StoreFailed.
        """
        request = claim.request
        written = await journal.read(request.id) if claim.attempt > 1 else []
        if not written and request.redoes:
            written = taken_over(await journal.read(request.redoes), request)
            await journal.append(request.id, written, after=0)
        return cls(journal, request, written, observe)

    async def add(self, *events: Event) -> None:
        """Write and fold events. Raises LeaseLost when another worker wrote meanwhile, StoreFailed."""
        async with self._turn:
            lasting = [event for event in events if not isinstance(event, EPHEMERAL)]
            if lasting and not self._broken:
                await self._journal.append(self._request.id, lasting, after=self._count)
                self._count += len(lasting)
            for event in events:
                self.trace = self.trace.plus(event)
                self._observe(self._request, event)

    def give_up(self, why: str) -> None:
        """End the request in words although nothing can be written any more."""
        self._broken = True
        self.trace = self.trace.plus(Failed(None, why))

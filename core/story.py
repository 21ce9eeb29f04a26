"""What has happened to one request so far, told to whoever listens."""

from __future__ import annotations

import anyio
from anyio.streams.memory import MemoryObjectSendStream

from core.events import Event, Progressed, Trace


class Story:
    """Folds a request's events as it sends them, so that every stage sees what has happened."""

    def __init__(self, trace: Trace, send: MemoryObjectSendStream[Event]) -> None:
        """Go on from ``trace``."""
        self.trace = trace
        self._send = send

    def paid(self) -> float:
        """Return what language models have cost so far, in US dollars, as far as anybody knows."""
        return sum(one.cost or 0.0 for one in self.trace.consulted)

    async def emit(self, event: Event) -> None:
        """Tell an event; waits while the listener is behind."""
        await self._send.send(event)
        self.trace = self.trace.plus(event)

    def tell(self, event: Progressed) -> None:
        """Tell progress, unless the listener is behind: then the next one will do."""
        try:
            self._send.send_nowait(event)
        except (anyio.WouldBlock, anyio.BrokenResourceError, anyio.ClosedResourceError):
            return
        self.trace = self.trace.plus(event)

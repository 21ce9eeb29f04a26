"""One download under way, and all who wait for it."""

from __future__ import annotations

from collections.abc import Callable

import anyio
import structlog

from core.errors import JarvisError, NotAvailable
from core.ports import OnProgress

log = structlog.get_logger()


class Flight:
    """One download under way, and all who wait for it."""

    def __init__(self, gone: Callable[[Flight], None]) -> None:
        self.scope = anyio.CancelScope()
        self.error: JarvisError | None = NotAvailable("The download was stopped.")
        self._gone = gone
        self._over = anyio.Event()
        self._listeners: dict[object, OnProgress] = {}
        self._latest: tuple[float | None, str] | None = None

    def tell(self, fraction: float | None, note: str) -> None:
        """Tell everybody how far it is. One who cannot hear it costs the others nothing."""
        self._latest = (fraction, note)
        for listener in tuple(self._listeners.values()):
            _tell(listener, fraction, note)

    def land(self) -> None:
        """It is over: whoever comes now needs another one."""
        self._gone(self)
        self._over.set()

    async def join(self, listener: OnProgress) -> None:
        """Wait for it. Cancelled, and nobody else waits: it stops, and this returns when it has."""
        me = object()
        self._listeners[me] = listener
        try:
            if self._latest:
                _tell(listener, *self._latest)
            await self._over.wait()
        finally:
            del self._listeners[me]
            if not self._listeners and not self._over.is_set():
                self._gone(self)
                self.scope.cancel()
                with anyio.CancelScope(shield=True):
                    await self._over.wait()
        if self.error:
            raise type(self.error)(self.error.message)


def _tell(listener: OnProgress, fraction: float | None, note: str) -> None:
    try:
        listener(fraction, note)
    except Exception:
        log.exception("weights.listener_failed")

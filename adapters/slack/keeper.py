"""Looks after what would end by itself while a long task tells nothing: statuses that fade, streams that break."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeAlias

import structlog

ROUND_SECONDS = 15.0

Care: TypeAlias = Callable[[], Awaitable[None]]

log = structlog.get_logger(__name__)


class Keeper:
    """Goes round as long as there is something to look after."""

    def __init__(self, seconds: float = ROUND_SECONDS) -> None:
        """Go round every so many seconds."""
        self._seconds = seconds
        self._cares: dict[str, Care] = {}
        self._round: asyncio.Task[None] | None = None

    def keep(self, name: str, care: Care) -> None:
        """Look after something."""
        self._cares[name] = care
        if self._round is None or self._round.done():
            self._round = asyncio.create_task(self._go_round())

    def leave(self, name: str) -> None:
        """Look after it no more."""
        self._cares.pop(name, None)

    def stop(self) -> None:
        """Look after nothing any more."""
        self._cares.clear()
        if self._round is not None:
            self._round.cancel()

    async def _go_round(self) -> None:
        while self._cares:
            await asyncio.sleep(self._seconds)
            for name, care in tuple(self._cares.items()):
                try:
                    await care()
                except Exception as error:  # noqa: BLE001 - whatever it is, the next round may do better
                    log.warning("could not look after it", what=name, why=repr(error))

"""Writes layouts into messages, in the richest look that a workspace takes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias, TypeVar

import anyio
import structlog
from slack_sdk.errors import SlackApiError

from adapters.slack.connection import Connection, error_of
from adapters.slack.fallbacks import INVALID, LONG, Fallbacks
from adapters.slack.format import Layout, Look

SPARE_SECONDS = 5.0
"""How long a picture waits for room in its tier, before it is left to a newer one."""

Drawing: TypeAlias = Callable[[Look], Layout]

T = TypeVar("T")

log = structlog.get_logger(__name__)


class Pen:
    """Posts and changes messages."""

    def __init__(self, connection: Connection, fallbacks: Fallbacks) -> None:
        """Write over ``connection``; ``fallbacks`` knows which looks a workspace does not take."""
        self._connection = connection
        self._fallbacks = fallbacks

    def look(self, team: str) -> Look:
        """Return the richest look that a workspace takes."""
        return next(
            (look for look in (Look.RICH, Look.SIMPLE) if not self._fallbacks.lacks(team, look.name)), Look.BARE
        )

    async def post(self, team: str, channel: str, thread: str, draw: Drawing, about: Mapping[str, Any]) -> str:
        """Post a message and return its ``ts``."""

        async def send(layout: Layout) -> str:
            return await self._connection.post(
                team, channel, thread=thread, text=layout.text, blocks=layout.blocks, metadata=about
            )

        return await self.drawn(team, draw, send)

    async def change(self, team: str, channel: str, ts: str, draw: Drawing, about: Mapping[str, Any]) -> None:
        """Change a message."""

        async def send(layout: Layout) -> None:
            await self._connection.update(team, channel, ts, text=layout.text, blocks=layout.blocks, metadata=about)

        await self.drawn(team, draw, send)

    async def drawn(self, team: str, draw: Drawing, send: Callable[[Layout], Awaitable[T]]) -> T:
        """Send a drawing, in a plainer look where a richer one is not taken."""
        look = self.look(team)
        while True:
            try:
                return await send(draw(look))
            except SlackApiError as error:
                why = error_of(error)
                if look is Look.BARE or why not in INVALID | LONG:
                    raise
                log.info("plainer", team=team, look=look.name, why=str(error))
                if why in INVALID:
                    self._fallbacks.note(team, look.name)
                look = Look(look - 1)

    async def room(self, team: str, method: str) -> bool:
        """Wait a little for room for a picture; where there is none, it is left to the next one."""
        gates = self._connection.gates(team)
        await anyio.sleep(min(gates.spare_in(method), SPARE_SECONDS))
        return gates.spare_in(method) <= 0

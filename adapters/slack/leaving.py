"""What becomes of a workspace that does not want us any more."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias

import structlog

from adapters.concierge import Administration
from adapters.slack.connection import Connection
from adapters.slack.errands import Errands
from adapters.slack.place import PLATFORM

Forget: TypeAlias = Callable[[str], Awaitable[None]]
"""Forgets the tokens of a workspace."""

log = structlog.get_logger(__name__)


class Leaving:
    """Forgets it."""

    def __init__(
        self, connection: Connection, administration: Administration, errands: Errands, forget: Forget | None
    ) -> None:
        """Have data forgotten by ``administration`` and tokens by ``forget``, where they are kept."""
        self._connection = connection
        self._administration = administration
        self._errands = errands
        self._forget = forget

    async def on_uninstalled(self, team: str) -> None:
        """Forget a workspace that threw us out. Raises StoreFailed: then Slack shall tell again."""
        await self._lock_out(team)
        self._errands.start(self._forget_all, team)

    async def on_revoked(self, team: str, event: Mapping[str, Any]) -> None:
        """Forget a token that was taken back; what was said stays until we are thrown out. Raises StoreFailed."""
        if (event.get("tokens") or {}).get("bot"):
            await self._lock_out(team)

    async def _lock_out(self, team: str) -> None:
        self._connection.forget(team)
        if self._forget is not None:
            await self._forget(team)

    async def _forget_all(self, team: str) -> None:
        said = await self._administration.forget_workspace(PLATFORM, team)
        log.info("workspace forgotten", workspace=team, said=said)

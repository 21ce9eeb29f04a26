"""What was said while Slack could not reach us, within bounds. Hearing something twice is hearing it once."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import structlog

from adapters.slack.connection import Connection
from adapters.slack.errands import LOST, Errands, reason
from adapters.slack.hearing import Heard
from adapters.slack.listener import Listener
from adapters.slack.place import PLATFORM
from core.errors import JarvisError
from core.ports import Memory

HOURS = 6.0
"""Nobody waits longer for an answer."""

MARGIN_SECONDS = 600.0
"""Read again before the newest thing known: what was heard last need not have been said last."""

CHANNELS = 100
THREADS = 50
MESSAGES = 100
"""Of one channel or thread."""

KINDS = "public_channel,private_channel,mpim,im"

log = structlog.get_logger(__name__)


class CatchingUp:
    """Looks back whenever Slack can reach us again."""

    def __init__(
        self,
        connection: Connection,
        memory: Memory,
        listener: Listener,
        errands: Errands,
        teams: Callable[[], Awaitable[list[str]]],
    ) -> None:
        """Let ``listener`` hear what was missed in ``teams``, the workspaces that we are in."""
        self._connection = connection
        self._memory = memory
        self._listener = listener
        self._errands = errands
        self._teams = teams
        self._running = False
        self._again = False

    async def begin(self) -> None:
        """Look back in the background; who is at it already begins once more."""
        self._again = True
        if not self._running:
            self._running = True
            self._errands.start(self._run)

    async def _run(self) -> None:
        try:
            while self._again:
                self._again = False
                for team in await self._teams():
                    await self._look_back(team)
        finally:
            self._running = False

    async def _look_back(self, team: str) -> None:
        try:
            me = await self._connection.me(team)
            async for heard in missed(self._connection, self._memory, team):
                await self._listener.on_message(heard, me, late=True)
        except LOST as error:
            log.info("cannot look back", team=team, why=reason(error))
        except JarvisError as error:
            log.warning("cannot look back", team=team, why=error.message)


async def missed(connection: Connection, memory: Memory, team: str) -> AsyncIterator[Heard]:
    """Yield what was said in each place since we last heard anything, oldest first."""
    known = [one.thread.split("/") for one in await memory.conversations(f"{PLATFORM}/{team}/", limit=THREADS)]
    since = await _since(memory)
    for channel in await _channels(connection, team, [parts[2] for parts in known]):
        for event in await _said((await connection.client(team)).conversations_history, since, channel=channel):
            yield Heard(team=team, channel=channel, event=event)
    for _, _, channel, thread in known:
        for event in await _said(
            (await connection.client(team)).conversations_replies, since, channel=channel, ts=thread
        ):
            yield Heard(team=team, channel=channel, event=event)


async def _since(memory: Memory) -> float:
    """Return the time from which on something may have been missed."""
    newest = await memory.conversations(f"{PLATFORM}/", limit=1)
    known = max((one.at for one in newest), default=0.0) - MARGIN_SECONDS
    return max(known, time.time() - HOURS * 3600)


async def _channels(connection: Connection, team: str, known: list[str]) -> list[str]:
    """Return the channels that we are in, those that we know first."""
    client = await connection.client(team)
    said = await client.users_conversations(types=KINDS, exclude_archived=True, limit=200)
    found = [str(one["id"]) for one in said.get("channels") or ()]
    return list(dict.fromkeys([*(one for one in known if one in found), *found]))[:CHANNELS]


async def _said(call: Callable[..., Awaitable[Any]], since: float, **where: str) -> list[dict[str, Any]]:
    """Return what was said somewhere, oldest first; where we may not look, there is nothing."""
    try:
        found = (await call(**where, oldest=f"{since:.6f}", limit=MESSAGES)).get("messages") or []
    except LOST as error:
        log.info("cannot look back", channel=where["channel"], why=reason(error))
        return []
    return sorted((one for one in found if float(one.get("ts", 0)) >= since), key=lambda one: float(one["ts"]))

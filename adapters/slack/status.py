"""The sign in a thread that somebody is at work: an agent's session, else the status of its thread, else none.

A session also has Slack's own button that stops the work.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias

import aiohttp
import anyio
import structlog
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.connection import Connection, error_of
from adapters.slack.fallbacks import PASSING, Fallbacks
from adapters.slack.markup import plain
from adapters.words import heading, queue, thread_name
from core.events import Trace
from core.types import Request

SESSIONS, THREADS = "agents.sessions.setStatus", "assistant.threads.setStatus"

SECONDS = 10.0
"""How long it may take to show it."""

HERE = frozenset({"channel_not_found", "is_archived", "not_in_channel", "restricted_action", "user_not_in_channel"})
"""What Slack says where there is no status in one place only."""

LOADING = ["Reading what you asked …", "Choosing models …", "At work …"]
"""What Slack shows in turn."""

log = structlog.get_logger(__name__)

Call: TypeAlias = Callable[[AsyncWebClient, str], Awaitable[None]]


class Status:
    """Shows it. Nothing here is worth an answer: what fails is logged."""

    def __init__(self, connection: Connection, fallbacks: Fallbacks) -> None:
        """Show it over ``connection``."""
        self._connection = connection
        self._fallbacks = fallbacks

    async def working(self, request: Request, channel: str, thread: str, words: str) -> str:
        """Show that a request is worked on; returns by which method, or "" where there is none."""
        team = request.origin.workspace
        return await self._first(team, lambda client, way: _begin(client, way, request, channel, thread, words))

    async def done(self, team: str, channel: str, thread: str, way: str) -> None:
        """Show that nothing is worked on any more, by the method that told that something was."""
        if way:
            await self._try(team, way, lambda client, by: _end(client, by, channel, thread), needed=True)

    async def _first(self, team: str, call: Call) -> str:
        for way in (SESSIONS, THREADS):
            if not self._fallbacks.lacks(team, way) and await self._try(team, way, call):
                return way
        return ""

    async def _try(self, team: str, way: str, call: Call, *, needed: bool = False) -> bool:
        if not needed and self._connection.gates(team).spare_in(way) > 0:
            return False
        try:
            with anyio.fail_after(SECONDS):
                await call(await self._connection.client(team), way)
        except SlackApiError as error:
            why = error_of(error)
            log.info("no status", team=team, method=way, why=why)
            if why not in PASSING | HERE:
                self._fallbacks.note(team, way)
            return False
        except (SlackClientError, aiohttp.ClientError, OSError, TimeoutError) as error:
            log.info("no status", team=team, method=way, why=repr(error))
            return False
        return True


def status_words(trace: Trace) -> str:
    """Return what stands below a thread behind our name."""
    if trace.waiting is not None:
        return f"is waiting: {queue(trace.waiting)}"
    return f"is at work: {' · '.join(heading(trace))}" if trace.tasks else "is thinking …"


async def _begin(client: AsyncWebClient, way: str, request: Request, channel: str, thread: str, words: str) -> None:
    if way == SESSIONS:
        await client.agents_sessions_setStatus(
            channel_id=channel,
            thread_ts=thread,
            status="processing",
            title=plain(thread_name(request), 200),
            initiator_user_id=request.author.id,
        )
        return
    await client.assistant_threads_setStatus(
        channel_id=channel, thread_ts=thread, status=plain(words, 80), loading_messages=LOADING
    )


async def _end(client: AsyncWebClient, way: str, channel: str, thread: str) -> None:
    if way == SESSIONS:
        await client.agents_sessions_setStatus(channel_id=channel, thread_ts=thread, status="active")
        return
    await client.assistant_threads_setStatus(channel_id=channel, thread_ts=thread, status="")

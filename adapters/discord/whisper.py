"""Answers through an interaction: one message, which only its reader sees where it was asked for in private.

Changing one message over and over cannot double anything, and does not count against the few further messages that an
app may send where it was not invited.
"""

from __future__ import annotations

import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import discord
import structlog

from adapters.discord.aloud import Aloud
from adapters.discord.calls import sure
from adapters.discord.connection import UPLOAD_BYTES, Connection
from adapters.discord.format import Layout, picture
from adapters.discord.outgoing import to_file
from adapters.discord.place import moved, number_of, token_of
from adapters.discord.whispered import WHISPERED, overlong, whisper
from adapters.sheets import WHOLE
from adapters.uploads import NOTHING, Outbound, Uploads
from core.events import Trace
from core.types import Request

TOKEN_SECONDS = 14 * 60.0
"""Discord gives fifteen minutes."""

GONE = frozenset({10008, 10015, 50027})
"""Codes of a message or token that is not there any more."""

log = structlog.get_logger(__name__)


class Whisper:
    """Speaks in the answer to an interaction; when it is too late for that, in a direct message."""

    def __init__(self, connection: Connection, outbound: Outbound, aloud: Aloud) -> None:
        """Speak over ``connection``, later through ``aloud``, with files from ``outbound``."""
        self._connection = connection
        self._outbound = outbound
        self._aloud = aloud
        self._pictures: dict[str, str] = {}  # by request: what is shown

    async def open(self, request: Request) -> str:
        """Show that we are at it."""
        await self.show(request, "", Trace())
        return f"whisper/{number_of(request.origin)}"

    async def show(self, request: Request, handle: str, trace: Trace) -> None:
        """Show how far it is, for as long as the interaction lets us."""
        view = whisper(request, trace, NOTHING)
        shown = picture(view)
        if self._pictures.get(request.id) != shown and not _late(request):
            with self._unless_gone():
                await self._edit(request, view, NOTHING)
            self._pictures[request.id] = shown

    async def finish(self, request: Request, handle: str, trace: Trace) -> str:
        """Show the end."""
        self._pictures.pop(request.id, None)
        if _late(request):
            return await self._directly(request, trace)
        artifacts = trace.answer.artifacts if trace.answer else ()
        uploads = await self._outbound.within(tuple(dict.fromkeys(artifacts))[:WHISPERED], trace, UPLOAD_BYTES)
        try:
            uploads = replace(uploads, text=overlong(trace))
            await self._edit(request, whisper(request, trace, uploads), uploads)
        except discord.HTTPException as error:
            if error.code not in GONE:
                raise
            return await self._directly(request, trace)
        return handle

    @contextmanager
    def _unless_gone(self) -> Iterator[None]:
        """Let pass that the interaction is over: the end finds another way."""
        try:
            yield
        except discord.HTTPException as error:
            if error.code not in GONE:
                raise

    async def _directly(self, request: Request, trace: Trace) -> str:
        """Answer in a direct message, since the interaction is over."""
        try:
            channel = await self._connection.direct(request.author.id)
            there = replace(request, origin=moved(request.origin, channel))
            return await self._aloud.finish(there, "", trace)
        except discord.Forbidden:
            log.warning("nowhere to answer", request=request.id)
            return "whisper/lost"

    async def _edit(self, request: Request, view: Layout, uploads: Uploads) -> None:
        client = await self._connection.client()
        webhook = discord.Webhook.partial(client.application_id or 0, token_of(request.origin), client=client)
        message = int(number_of(request.origin))

        def call() -> Coroutine[Any, Any, Any]:
            changes: dict[str, Any] = {"view": view, "allowed_mentions": discord.AllowedMentions.none()}
            files = [to_file(file) for file in uploads.files.values()]
            files += [to_file((uploads.text.encode(), WHOLE, "The whole answer"))] if uploads.text else []
            if files:
                changes["attachments"] = files
            changed: Coroutine[Any, Any, Any] = webhook.edit_message(message, **changes)
            return changed

        await sure(call)


def _late(request: Request) -> bool:
    made = discord.utils.snowflake_time(int(number_of(request.origin))).timestamp()
    return time.time() - made > TOKEN_SECONDS

"""Answers on Discord."""

from __future__ import annotations

from collections.abc import AsyncIterator

from adapters.base import Capabilities
from adapters.discord.aloud import Aloud
from adapters.discord.calls import away
from adapters.discord.connection import UPLOAD_BYTES, Connection
from adapters.discord.files import handed_over
from adapters.discord.markup import LIMIT
from adapters.discord.outgoing import spoiler
from adapters.discord.place import PLATFORM, is_whisper
from adapters.discord.whisper import Whisper
from adapters.inbound import Inbound
from adapters.uploads import FILES, NO_WAYS, Outbound, Ways
from core.events import Trace
from core.ports import Blobs
from core.types import Request


class DiscordMouth:
    """Speaks over one connection to Discord."""

    platform = PLATFORM
    capabilities = Capabilities(
        text_chars=LIMIT, file_bytes=UPLOAD_BYTES, files=FILES, edits_per_second=0.8, spoilers=True
    )

    def __init__(self, connection: Connection, blobs: Blobs, inbound: Inbound, ways: Ways = NO_WAYS) -> None:
        """Speak over ``connection``; files go out from ``blobs``, large ones by ``ways``, come in by ``inbound``."""
        outbound = Outbound(blobs, connection.upload_bytes, ways, spoiler)
        self._aloud = Aloud(connection, outbound)
        self._whisper = Whisper(connection, outbound, self._aloud)
        self._inbound = inbound
        self._cdn = connection.access.cdn.rstrip("/")

    async def open(self, request: Request) -> str:
        with away():
            return await self._voice(request).open(request)

    async def show(self, request: Request, handle: str, trace: Trace) -> None:
        with away():
            await self._voice(request).show(request, handle, trace)

    async def finish(self, request: Request, handle: str, trace: Trace) -> str:
        with away():
            return await self._voice(request).finish(request, handle, trace)

    def _voice(self, request: Request) -> Aloud | Whisper:
        return self._whisper if is_whisper(request.origin) else self._aloud

    def fetch(self, address: str) -> AsyncIterator[bytes]:
        theirs = address.startswith(f"{self._cdn}/")
        return handed_over(self._inbound.fetch, address) if theirs else self._inbound.fetch(address)

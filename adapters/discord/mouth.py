"""Answers on Discord."""

from __future__ import annotations

from collections.abc import AsyncIterator

from adapters.base import Capabilities
from adapters.discord.aloud import Aloud
from adapters.discord.files import FILES, Inbound, Outbound
from adapters.discord.line import UPLOAD_BYTES, Line
from adapters.discord.place import PLATFORM
from adapters.discord.split import LIMIT
from core.events import Trace
from core.ports import Blobs
from core.types import Request


class DiscordMouth:
    """Speaks over one line to Discord."""

    platform = PLATFORM
    capabilities = Capabilities(text_chars=LIMIT, file_bytes=UPLOAD_BYTES, files=FILES, edits_per_second=0.8)

    def __init__(self, line: Line, blobs: Blobs, inbound: Inbound) -> None:
        """Speak over ``line``; files go out from ``blobs`` and come in through ``inbound``."""
        self._aloud = Aloud(line, Outbound(line, blobs))
        self._inbound = inbound

    async def open(self, request: Request) -> str:
        return await self._aloud.open(request)

    async def show(self, request: Request, handle: str, trace: Trace) -> None:
        await self._aloud.show(request, handle, trace)

    async def finish(self, request: Request, handle: str, trace: Trace) -> str:
        return await self._aloud.finish(request, handle, trace)

    def fetch(self, address: str) -> AsyncIterator[bytes]:
        return self._inbound.fetch(address)

"""Answers in Slack."""

from __future__ import annotations

from collections.abc import AsyncIterator

from adapters.base import Capabilities
from adapters.inbound import Inbound
from adapters.slack.aloud import Aloud
from adapters.slack.away import away
from adapters.slack.connection import Connection
from adapters.slack.files import SCHEME, Attached
from adapters.slack.format import MARKDOWN_CHARS
from adapters.slack.keeper import Keeper
from adapters.slack.place import PLATFORM
from adapters.uploads import FILES, NO_WAYS, Outbound, Ways
from core.events import Trace
from core.ports import Blobs, Fetch
from core.types import Request

UPLOAD_BYTES = 256 * 2**20
"""Of one file that goes out. Slack takes a gigabyte; we have it in memory meanwhile."""


class SlackMouth:
    """Speaks over one connection to Slack."""

    platform = PLATFORM
    capabilities = Capabilities(
        text_chars=MARKDOWN_CHARS, file_bytes=UPLOAD_BYTES, files=FILES, edits_per_second=0.8, threads=True
    )

    def __init__(
        self,
        connection: Connection,
        blobs: Blobs,
        attached: Attached,
        fetch_url: Fetch,
        ways: Ways = NO_WAYS,
        keeper: Keeper | None = None,
    ) -> None:
        """Speak over ``connection``.

        Files go out from ``blobs``, too large ones by ``ways``; they come in from Slack, or as links by ``fetch_url``.
        """
        self._aloud = Aloud(connection, Outbound(blobs, _most, ways), keeper)
        self._attached = attached
        self._inbound = Inbound(blobs, connection.access.files, attached.fetch, fetch_url)

    async def open(self, request: Request) -> str:
        with away():
            return await self._aloud.open(request)

    async def show(self, request: Request, handle: str, trace: Trace) -> None:
        with away():
            await self._aloud.show(request, handle, trace)

    async def finish(self, request: Request, handle: str, trace: Trace) -> str:
        with away():
            return await self._aloud.finish(request, handle, trace)

    def fetch(self, address: str) -> AsyncIterator[bytes]:
        return self._attached.fetch(address) if address.startswith(SCHEME) else self._inbound.fetch(address)


async def _most(_workspace: str) -> int:
    return UPLOAD_BYTES

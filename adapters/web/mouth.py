"""Answers on the web: tells whoever follows the request, in a page or through the API."""

from __future__ import annotations

from collections.abc import AsyncIterator

from adapters.base import Capabilities
from adapters.web.follow import Hub
from core.errors import BadInput, NotFound
from core.events import Trace
from core.ports import Blobs, Fetch
from core.types import Request

PLATFORM = "web"
UPLOADED = "blob:"
"""How the address of an uploaded file starts; its SHA-256 follows."""


class WebMouth:
    """Speaks for the page and the API. There is no message to find again: the journal is what they show."""

    platform = PLATFORM
    capabilities = Capabilities(
        text_chars=1_000_000, file_bytes=2**40, files=1_000, edits_per_second=10.0, threads=True, spoilers=True
    )

    def __init__(self, hub: Hub, blobs: Blobs, fetch_url: Fetch) -> None:
        """Tell ``hub``; read uploads from ``blobs`` and links with ``fetch_url``, which guards where they lead."""
        self._hub = hub
        self._blobs = blobs
        self._fetch_url = fetch_url

    async def open(self, request: Request) -> str:
        self._hub.tell(request.id, Trace())
        return request.id

    async def show(self, request: Request, handle: str, trace: Trace) -> None:
        self._hub.tell(request.id, trace)

    async def finish(self, request: Request, handle: str, trace: Trace) -> str:
        self._hub.tell(request.id, trace, final=True)
        return handle

    async def fetch(self, address: str) -> AsyncIterator[bytes]:
        if not address.startswith(UPLOADED):
            async for chunk in self._fetch_url(address):
                yield chunk
            return
        try:
            yield await self._blobs.get(address.removeprefix(UPLOADED))
        except NotFound:
            raise BadInput("This file is not here any more. Please upload it again.") from None

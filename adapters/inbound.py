"""Files on their way in: what we have, what lies at the platform, and what lies anywhere else."""

from __future__ import annotations

from collections.abc import AsyncIterator

from core.errors import BadInput, NotFound
from core.ports import Blobs, Fetch

KEPT = "blob:"
"""How the address of a file starts that we have; its SHA-256 follows. Nobody can write one: only links are taken."""


class Inbound:
    """Fetches what was attached."""

    def __init__(self, blobs: Blobs, host: str, fetch_attached: Fetch, fetch_url: Fetch) -> None:
        """Fetch what we have from ``blobs``, what lies at the platform's ``host`` and other links by their fetchers.

        ``host`` is the start of an address, "https://cdn.example", say.
        """
        self._blobs = blobs
        self._host = host.rstrip("/") + "/"
        self._fetch_attached = fetch_attached
        self._fetch_url = fetch_url

    def fetch(self, address: str) -> AsyncIterator[bytes]:
        """Yield the bytes. Raises BadInput."""
        if address.startswith(KEPT):
            return self._kept(address.removeprefix(KEPT))
        return self._fetch_attached(address) if address.startswith(self._host) else self._fetch_url(address)

    async def _kept(self, sha256: str) -> AsyncIterator[bytes]:
        try:
            yield await self._blobs.get(sha256)
        except NotFound:
            raise BadInput("This file is not kept any more. Please attach it again.") from None

"""Files: their bytes, where they come from, and which of them nobody refers to any more."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from typing import Protocol, TypeAlias

Fetch: TypeAlias = Callable[[str], AsyncIterator[bytes]]
"""Takes an attachment's address and yields its bytes. Raises BadInput with a sentence for the sender."""


class Blobs(Protocol):
    """Media, named by the SHA-256 of their bytes."""

    async def put(self, data: bytes) -> str:
        """Store bytes and return their SHA-256 in hex. Raises StoreFailed, e.g. when the disk is full."""
        ...

    async def get(self, sha256: str) -> bytes:
        """Return the bytes. Raises NotFound."""
        ...

    async def delete(self, sha256: str, *, older: float = 0.0) -> bool:
        """Delete media that were last put more than ``older`` seconds ago; returns whether nothing is there now."""
        ...


class Loose(Protocol):
    """The files that nothing refers to any more, of those that something did: requests, turns, remembered results."""

    async def add(self, sha256: str, at: float) -> None:
        """Have a file count as loose from ``at`` (Unix seconds) on, as long as nothing refers to it."""
        ...

    async def files(self, before: float, *, limit: int = 500) -> list[str]:
        """Return files that are loose since ``before``, those first that are so for the longest time."""
        ...

    async def gone(self, names: Sequence[str]) -> None:
        """Forget files that are deleted."""
        ...

"""Files that are kept before the request they belong to is: they go where it never comes."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from bot.sweeping import HOUR
from core.ports import Loose
from storage.blobs import FileBlobs


@dataclass(frozen=True, slots=True)
class Uploads:
    """Blobs for ears: what is put here goes after an hour, unless a request refers to it by then."""

    blobs: FileBlobs
    loose: Loose

    async def put(self, data: bytes) -> str:
        name = await self.blobs.put(data)
        await self.loose.add(name, time.time() + HOUR)
        return name

    async def get(self, sha256: str) -> bytes:
        return await self.blobs.get(sha256)

    async def delete(self, sha256: str, *, older: float = 0.0) -> bool:
        return await self.blobs.delete(sha256, older=older)

    def path(self, sha256: str) -> Path | None:
        """Return the file itself where it lies in a folder of this machine."""
        return self.blobs.path(sha256)

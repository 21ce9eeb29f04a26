"""Media, named by the SHA-256 of their bytes, in any place fsspec reaches: a folder, S3, memory."""

from __future__ import annotations

import math
import os
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

import fsspec
from anyio import to_thread
from fsspec.implementations.local import LocalFileSystem

from core.errors import BadSetting, NotFound, StoreFailed
from storage.faults import told_of

T = TypeVar("T")

DIGEST = re.compile(r"[0-9a-f]{64}")
WHAT = "the media folder"

FRESH = 1800.0
"""Seconds for which media in a place that cannot renew them count as put just now."""


class FileBlobs:
    """Fulfils core.ports.Blobs with one file for each media, below ``place``: a folder or an fsspec URL.

    With ``verify``, what is read is compared with its name, which finds bytes a dying disk has changed.
    """

    def __init__(self, place: str | Path, *, verify: bool = False) -> None:
        try:
            self._files, self._root = fsspec.url_to_fs(str(place))
        except (ImportError, ValueError) as error:
            raise BadSetting(f"BLOBS_URL: media cannot be kept at {place}: {error}.") from None
        self._local = isinstance(self._files, LocalFileSystem)
        self._verify = verify

    async def put(self, data: bytes) -> str:
        return await _in_thread(partial(self._put, data))

    async def get(self, sha256: str) -> bytes:
        return await _in_thread(partial(self._get, sha256))

    async def delete(self, sha256: str, *, older: float = 0.0) -> bool:
        return await _in_thread(partial(self._delete, sha256, older))

    def path(self, sha256: str) -> Path | None:
        """Return the file itself where it lies in a folder of this machine, so that a server can stream it."""
        if not self._local or not DIGEST.fullmatch(sha256):
            return None
        path = Path(self._address(sha256))
        return path if path.is_file() else None

    def _put(self, data: bytes) -> str:
        name = sha256(data).hexdigest()
        address = self._address(name)
        if not self._holds(address, len(data)) or not self._renew(address):
            self._write(address, data)
        return name

    def _get(self, name: str) -> bytes:
        try:
            data = bytes(self._files.cat_file(self._address(name)))
        except FileNotFoundError:
            raise _unknown() from None
        if self._verify and sha256(data).hexdigest() != name:
            raise StoreFailed("A stored file was damaged on its disk.")
        return data

    def _address(self, name: str) -> str:
        # What is no digest is no path either: nobody reaches other files with it.
        if not DIGEST.fullmatch(name):
            raise _unknown()
        return f"{self._root}/{name[:2]}/{name}"

    def _delete(self, name: str, older: float) -> bool:
        address = self._address(name)
        try:
            if older and self._age(address) <= older:
                return False
            self._files.rm_file(address)
        except FileNotFoundError:
            pass
        return True

    def _renew(self, address: str) -> bool:
        """Have media count as put now; False where they should rather be written again."""
        try:
            if self._local:
                os.utime(address)
                return True
            return self._age(address) < FRESH
        except FileNotFoundError:
            return False

    def _age(self, address: str) -> float:
        """Return the seconds since media were put; where the place does not know, it is long ago."""
        try:
            put: datetime = self._files.modified(address)
        except NotImplementedError:
            return math.inf
        return (datetime.now(UTC) - put.astimezone(UTC)).total_seconds()

    def _holds(self, address: str, size: int) -> bool:
        try:
            return bool(self._files.size(address) == size)
        except FileNotFoundError:
            return False

    def _write(self, address: str, data: bytes) -> None:
        self._files.makedirs(address.rpartition("/")[0], exist_ok=True)
        if self._local:
            self._write_locally(address, data)
        else:
            self._files.pipe_file(address, data)  # elsewhere a file appears whole or not at all

    def _write_locally(self, address: str, data: bytes) -> None:
        draft = f"{address}.{uuid4().hex}"
        try:
            self._files.pipe_file(draft, data)
            Path(draft).replace(address)
        except OSError:
            Path(draft).unlink(missing_ok=True)
            raise


class MemoryBlobs:
    """Fulfils core.ports.Blobs in memory: the twin of FileBlobs."""

    def __init__(self) -> None:
        self._media: dict[str, tuple[float, bytes]] = {}

    async def put(self, data: bytes) -> str:
        name = sha256(data).hexdigest()
        self._media[name] = (time.time(), bytes(data))
        return name

    async def get(self, sha256: str) -> bytes:
        try:
            return self._media[sha256][1]
        except KeyError:
            raise _unknown() from None

    async def delete(self, sha256: str, *, older: float = 0.0) -> bool:
        if not DIGEST.fullmatch(sha256):
            raise _unknown()
        if older and sha256 in self._media and time.time() - self._media[sha256][0] <= older:
            return False
        self._media.pop(sha256, None)
        return True

    def path(self, sha256: str) -> Path | None:
        """Return None: these media are no files."""
        return None


def _unknown() -> NotFound:
    return NotFound("There is no file of this name here.")


async def _in_thread(work: Callable[[], T]) -> T:
    def told_work() -> T:
        with told_of(WHAT):
            return work()

    return await to_thread.run_sync(told_work)

"""One file on its way into the cache: begun anew or gone on with, and held against what the Hub promises.

The library's own download throws away what came when a process ends before all of it is here, compares sizes only, and
cannot be stopped. Hence ours, on top of its session, its headers and its errors.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from core.errors import ExpertFailed
from core.weights.layout import Repo, clear
from core.weights.listing import RemoteFile
from core.weights.source import Source, worth_waiting

_ATTEMPTS = 5  # in a row that bring nothing
_PIECE = 1024 * 1024  # bytes read from disk at once


class _Bad(Exception):
    """What came is not what was promised."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """Fetches the files of one commit.

    ``came`` is told the bytes of each piece, negative ones where pieces turn out to be of no use; it raises to stop.
    Whatever stops it, what came stays on disk.
    """

    source: Source
    repo: Repo
    commit: str
    came: Callable[[int], None]

    def fetch(self, file: RemoteFile) -> None:
        """Bring a file's content into the cache. Raises ExpertFailed where it comes wrong twice."""
        if _size(self.repo.blob(file.etag)) == file.size:
            self.came(file.size)
            return
        partial = self.repo.partial(file.etag)
        partial.parent.mkdir(parents=True, exist_ok=True)
        clear(partial)
        try:
            self._whole(file, partial)
        except _Bad:
            try:
                self._whole(file, partial)
            except _Bad:
                raise ExpertFailed(
                    f"The file “{file.name}” of the model “{self.repo.id}” came from the Hub with other bytes than it "
                    "promises, and again when I tried once more."
                ) from None
        clear(self.repo.blob(file.etag))
        partial.replace(self.repo.blob(file.etag))

    def _whole(self, file: RemoteFile, partial: Path) -> None:
        """Fetch what is missing, as often as that gets us further. Raises _Bad, and then nothing of it is left."""
        digest = _Digest(file)
        with open(os.open(partial, os.O_RDWR | os.O_CREAT, 0o666), "r+b") as disk:  # noqa: PTH123 - made or gone on with
            try:
                self._take_over(disk, digest)
                while disk.tell() < file.size:
                    self._further(file, disk, digest)
                if disk.tell() != file.size or digest.hex() != file.etag:
                    raise _Bad
            except _Bad:
                self._forget(disk, digest)
                raise

    def _take_over(self, disk: BinaryIO, digest: _Digest) -> None:
        """Count what an earlier attempt has left."""
        while piece := disk.read(_PIECE):
            digest.update(piece)
            self.came(len(piece))

    def _forget(self, disk: BinaryIO, digest: _Digest) -> None:
        self.came(-disk.tell())
        disk.seek(0)
        disk.truncate()
        digest.restart()

    def _further(self, file: RemoteFile, disk: BinaryIO, digest: _Digest) -> None:
        """Bring at least one byte more, or raise why there is none."""
        before = disk.tell()
        try:
            self._patiently(file, disk, digest)
        except Exception as error:
            if disk.tell() <= before or not worth_waiting(error):
                raise
        else:
            if disk.tell() == before:
                raise _Bad

    def _patiently(self, file: RemoteFile, disk: BinaryIO, digest: _Digest) -> None:
        import stamina

        for attempt in stamina.retry_context(
            on=worth_waiting, attempts=_ATTEMPTS, timeout=None, wait_initial=0.2, wait_max=8.0, wait_jitter=0.3
        ):
            with attempt:
                self._once(file, disk, digest)

    def _once(self, file: RemoteFile, disk: BinaryIO, digest: _Digest) -> None:
        """Read on until the stream ends. Raises _Bad where there are more bytes than promised, or none any more."""
        from huggingface_hub.errors import HfHubHTTPError

        here = disk.tell()
        try:
            with self.source.content(self.repo.id, self.commit, file.name, here) as (start, pieces):
                if start != here:  # it does not give parts
                    self._forget(disk, digest)
                for piece in pieces:
                    disk.write(piece)
                    digest.update(piece)
                    self.came(len(piece))
                    if disk.tell() > file.size:
                        raise _Bad
        except HfHubHTTPError as error:
            if error.response.status_code == 416:  # it has no more than we have
                raise _Bad from None
            raise


class _Digest:
    """The digest that names a content: SHA-256 of what is in Git LFS, else Git's own."""

    def __init__(self, file: RemoteFile) -> None:
        self._file = file
        self.restart()

    def restart(self) -> None:
        """Begin anew."""
        if self._file.lfs:
            self._hash = hashlib.sha256()
        else:
            self._hash = hashlib.sha1(b"blob %d\0" % self._file.size, usedforsecurity=False)

    def update(self, piece: bytes) -> None:
        """Take in the next bytes."""
        self._hash.update(piece)

    def hex(self) -> str:
        """Return it as it is written."""
        return self._hash.hexdigest()


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None

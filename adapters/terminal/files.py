"""Files on their way in and out of a terminal: the ones a person named, and the ones an answer brought."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import AsyncIterator
from pathlib import Path

import anyio

from adapters.links import promise
from core.errors import BadInput, StoreFailed
from core.media.sniff import FORMATS, Format, safe_name
from core.ports import Blobs, Fetch
from core.types import Artifact, Attachment

CHUNK = 2**20


class Inbound:
    """The files that were named at this terminal; nothing else on the machine can be read through it."""

    def __init__(self, fetch_url: Fetch) -> None:
        """Read links with ``fetch_url``, which guards what they may point to."""
        self._fetch_url = fetch_url
        self._named: set[str] = set()

    def announce(self, name: str) -> Attachment:
        """Return the promise of a file or link. Raises BadInput where there is no such file to read."""
        attachment = promise(name) if re.match("https?://", name, re.IGNORECASE) else _file(Path(name).expanduser())
        self._named.add(attachment.address)
        return attachment

    async def fetch(self, address: str) -> AsyncIterator[bytes]:
        """Yield the bytes of something announced before. Raises BadInput."""
        if address not in self._named:
            raise BadInput("This file was not attached at this terminal.")
        if not address.startswith("/"):
            async for chunk in self._fetch_url(address):
                yield chunk
            return
        try:
            async with await anyio.open_file(address, "rb") as file:
                while chunk := await file.read(CHUNK):
                    yield chunk
        except OSError as error:
            raise BadInput(f"{address} cannot be read: {error.strerror}.") from None


class Outbound:
    """Writes an answer's files to a folder, where the person can open them."""

    def __init__(self, blobs: Blobs, folder: Path, *, plain_names: bool = False) -> None:
        """Write to ``folder``; ``plain_names`` leaves out the hash before a name and numbers what meets."""
        self._blobs = blobs
        self._folder = folder
        self._plain = plain_names
        self._paths: dict[str, Path] = {}

    async def path(self, artifact: Artifact) -> Path:
        """Return where a file lies, written there the first time. Raises StoreFailed."""
        if artifact.sha256 not in self._paths:
            data = await self._blobs.get(artifact.sha256)
            self._paths[artifact.sha256] = await anyio.to_thread.run_sync(self._write, artifact, data)
        return self._paths[artifact.sha256]

    def _write(self, artifact: Artifact, data: bytes) -> Path:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            path = self._free(artifact, data)
            path.write_bytes(data)
        except OSError as error:
            raise StoreFailed(f"Files cannot be written to {self._folder}: {error.strerror}.") from None
        return path.absolute()

    def _free(self, artifact: Artifact, data: bytes) -> Path:
        """Return a path that nothing else holds."""
        name = file_name(artifact)
        if not self._plain:
            return self._folder / f"{artifact.sha256[:8]}-{name}"
        path, number = self._folder / name, 2
        while path.exists() and path.read_bytes() != data:
            path = self._folder / f"{Path(name).stem}-{number}{Path(name).suffix}"
            number += 1
        return path


def file_name(artifact: Artifact) -> str:
    """Return a name that is one on every system and ends in what the content asks for."""
    unusual = Format(
        mime=artifact.mime, kind=artifact.kind, endings=(mimetypes.guess_extension(artifact.mime) or ".bin",)
    )
    return safe_name(artifact.name, FORMATS.get(artifact.mime, unusual))


def _file(path: Path) -> Attachment:
    try:
        if not path.exists():
            raise BadInput(f"There is no file {path}.")
        if not path.is_file():
            raise BadInput(f"{path} is not a file." if not path.is_dir() else f"{path} is a folder: attach its files.")
        with path.open("rb"):
            size = path.stat().st_size
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.") from None
    mime = mimetypes.guess_type(path.name)[0] or ""
    return Attachment(name=path.name, address=str(path.absolute()), mime=mime, size=size)

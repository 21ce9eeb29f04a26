"""Files on their way into and out of Discord."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from adapters.discord.format import alt_text, bundled
from adapters.discord.line import Line, Upload
from core.errors import BadInput, JarvisError, NotFound
from core.events import Trace
from core.ports import Blobs, Fetch
from core.types import Artifact, Attachment, Request

Files: TypeAlias = dict[str, Upload]
"""By SHA-256."""

FILES = 10
"""In one message."""

KEPT = "blob:"
"""How the address of a file starts that we have; its SHA-256 follows. Nobody can write one: only links are taken."""

MESSAGE_BYTES = 25 * 2**20
"""Of one message's files together, unless one alone has more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Uploads:
    """An answer's files, as far as they can be sent, and a sentence for each that cannot."""

    files: Files
    bundles: tuple[tuple[Artifact, ...], ...]  # what goes into one message each
    remarks: tuple[str, ...]
    text: str = ""  # an answer that is too long for its message, to go along as a file

    def refused(self, why: str) -> Uploads:
        """Return the same without any file."""
        return replace(self, files={}, bundles=(), remarks=(*self.remarks, why))


NOTHING = Uploads(files={}, bundles=(), remarks=())


class Inbound:
    """Fetches what was attached."""

    def __init__(self, blobs: Blobs, cdn: str, fetch_attached: Fetch, fetch_url: Fetch) -> None:
        """Fetch what we have from ``blobs``, what lies at Discord's ``cdn`` and other links by their fetchers."""
        self._blobs = blobs
        self._cdn = cdn.rstrip("/") + "/"
        self._fetch_attached = fetch_attached
        self._fetch_url = fetch_url

    def fetch(self, address: str) -> AsyncIterator[bytes]:
        """Yield the bytes. Raises BadInput."""
        if address.startswith(KEPT):
            return self._kept(address.removeprefix(KEPT))
        return self._fetch_attached(address) if address.startswith(self._cdn) else self._fetch_url(address)

    async def _kept(self, sha256: str) -> AsyncIterator[bytes]:
        try:
            yield await self._blobs.get(sha256)
        except NotFound:
            raise BadInput("This file is not kept any more. Please attach it again.") from None


def had(request: Request, trace: Trace) -> tuple[Attachment, ...]:
    """Return the files of a request to be used once more: those that we have, since Discord's links live for a day."""
    return tuple(_had(number, file, trace) for number, file in enumerate(request.attachments))


def _had(number: int, file: Attachment, trace: Trace) -> Attachment:
    kept = trace.artifacts.get(number)
    if kept is None or number in trace.recalled:
        return file
    return Attachment(name=kept.name, address=f"{KEPT}{kept.sha256}", mime=kept.mime, size=kept.size)


class Outbound:
    """Reads an answer's files, within what the place takes."""

    def __init__(self, line: Line, blobs: Blobs) -> None:
        """Read from ``blobs``; ``line`` knows how much a server takes."""
        self._line = line
        self._blobs = blobs

    async def uploads(self, guild: str, trace: Trace) -> Uploads:
        """Return the files of a trace's answer that a server takes."""
        artifacts = tuple(dict.fromkeys(trace.answer.artifacts)) if trace.answer else ()
        if not artifacts:
            return NOTHING
        most = await self._line.upload_bytes(guild)
        return await self.within(artifacts, trace, most)

    async def within(self, artifacts: tuple[Artifact, ...], trace: Trace, most: int) -> Uploads:
        """Return those files that have at most so many bytes each."""
        files: Files = {}
        remarks: list[str] = []
        names: set[str] = set()
        for number, file in enumerate(artifacts):
            if file.size > most:
                remarks.append(too_large(file, most))
                continue
            try:
                data = await self._blobs.get(file.sha256)
            except JarvisError as error:
                remarks.append(f"{file.name} could not be read: {error.message}")
                continue
            name = file.name if file.name not in names else f"{number + 1}-{file.name}"
            names.add(name)
            files[file.sha256] = (data, name, alt_text(trace, file))
        kept = [file for file in artifacts if file.sha256 in files]
        bundles = tuple(tuple(bundle) for bundle in bundled(kept, most=FILES, size=MESSAGE_BYTES))
        return Uploads(files=files, bundles=bundles, remarks=tuple(remarks))


def too_large(file: Artifact, most: int) -> str:
    """Return the sentence about a file that is over the limit."""
    size, limit = file.size / 2**20, most / 2**20
    return (
        f"{file.name} has {size:.1f} MiB, and this place takes {limit:.0f} MiB a file: "
        "ask for it smaller or shorter, or as another format."
    )

"""Files on their way out: which of an answer's files a place takes, bundled as its messages hold them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import structlog

from adapters.words import alt_text
from core.errors import BadInput, JarvisError, StoreFailed
from core.events import Trace
from core.ports import Blobs
from core.types import Artifact, Media

Upload: TypeAlias = tuple[bytes, str, str]
"""A file to be sent: its bytes, its name, and words for those who cannot see it."""

Files: TypeAlias = dict[str, Upload]
"""By SHA-256."""

FILES = 10
"""In one message."""

MESSAGE_BYTES = 25 * 2**20
"""Of one message's files together, unless one alone has more."""

log = structlog.get_logger(__name__)


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


Shrink: TypeAlias = Callable[[Media, int], Awaitable[Media]]
"""Returns a file in at most so many bytes. Raises a JarvisError where that cannot be."""

Link: TypeAlias = Callable[[Artifact], str]
"""Returns the address under which whoever has it finds a file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """What helps where a file has more bytes than a place takes."""

    shrink: Shrink | None = None
    link: Link | None = None


NO_WAYS = Ways()


class Outbound:
    """Reads an answer's files, within what the place takes."""

    def __init__(
        self,
        blobs: Blobs,
        most: Callable[[str], Awaitable[int]],
        ways: Ways = NO_WAYS,
        veiled: Callable[[str], str] = str,
    ) -> None:
        """Read from ``blobs``; ``most`` tells how many bytes a file may have in a workspace, ``ways`` help with more.

        ``veiled`` returns the name by which the platform hides a file until somebody wants to see it.
        """
        self._blobs = blobs
        self._most = most
        self._ways = ways
        self._veiled = veiled

    async def uploads(self, workspace: str, trace: Trace) -> Uploads:
        """Return the files of a trace's answer that a workspace takes."""
        artifacts = tuple(dict.fromkeys(trace.answer.artifacts)) if trace.answer else ()
        if not artifacts:
            return NOTHING
        return await self.within(artifacts, trace, await self._most(workspace))

    async def within(self, artifacts: tuple[Artifact, ...], trace: Trace, most: int) -> Uploads:
        """Return those files that have at most so many bytes each, or can be made to."""
        files: Files = {}
        kept: list[Artifact] = []
        remarks: list[str] = []
        names: set[str] = set()
        for number, file in enumerate(artifacts):
            try:
                media, remark = await self._fitting(file, most, hidden=file.sha256 in trace.flagged)
            except JarvisError as error:
                remarks.append(error.message if file.name in error.message else f"{file.name}: {error.message}")
                continue
            remarks += [remark] if remark else []
            name = media.name if media.name not in names else f"{number + 1}-{media.name}"
            names.add(name)
            name = self._veiled(name) if file.sha256 in trace.flagged else name
            files[file.sha256] = (media.data, name, alt_text(trace, file))
            kept.append(replace(file, kind=media.kind, mime=media.mime, name=name, size=len(media.data)))
        bundles = tuple(tuple(bundle) for bundle in bundled(kept, most=FILES, size=MESSAGE_BYTES))
        return Uploads(files=files, bundles=bundles, remarks=tuple(remarks))

    async def _fitting(self, file: Artifact, most: int, *, hidden: bool) -> tuple[Media, str]:
        """Return a file in at most so many bytes, and what was done about it. Raises a JarvisError where it cannot be.

        Nobody gets a link to what is hidden: platforms would show what is behind it.
        """
        if file.size <= most:
            return await self._read(file), ""
        link = self._ways.link(file) if self._ways.link and not hidden else ""
        if self._ways.shrink is None:
            raise BadInput(too_large(file, most, link))
        media = await self._read(file)
        try:
            small = await self._ways.shrink(media, most)
        except JarvisError as error:
            log.info("not shrunk", file=file.name, why=error.message)
            raise BadInput(too_large(file, most, link)) from error
        return small, shrunk(file, small, link)

    async def _read(self, file: Artifact) -> Media:
        try:
            data = await self._blobs.get(file.sha256)
        except JarvisError as error:
            raise StoreFailed(f"{file.name} could not be read: {error.message}") from error
        return Media(data=data, kind=file.kind, mime=file.mime, name=file.name)


def bundled(files: Sequence[Artifact], *, most: int, size: int) -> Iterator[list[Artifact]]:
    """Yield files in groups of at most ``most`` that have at most ``size`` bytes together, where one alone has."""
    group: list[Artifact] = []
    for file in files:
        if group and (len(group) == most or sum(one.size for one in group) + file.size > size):
            yield group
            group = []
        group.append(file)
    if group:
        yield group


def too_large(file: Artifact, most: int, link: str = "") -> str:
    """Return the sentence about a file that is over the limit."""
    if link:
        return f"{file.name} has {_size(file.size)}, too much for this place: {link}"
    return (
        f"{file.name} has {_size(file.size)}, and this place takes {_size(most, 0)} a file: "
        "ask for it smaller or shorter, or as another format."
    )


def shrunk(file: Artifact, small: Media, link: str = "") -> str:
    """Return the sentence about a file that was made to fit."""
    how = "packed" if small.mime == "application/zip" else "shrunk"
    whole = f" The whole: {link}" if link else ""
    return f"{file.name} was {how} from {_size(file.size)} to {_size(len(small.data))} to fit here.{whole}"


def _size(count: int, digits: int = 1) -> str:
    if count < 2**20:
        return f"{max(1, round(count / 2**10))} KiB"
    return f"{count / 2**20:.{digits}f} MiB"

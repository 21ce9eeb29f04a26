"""Files on their way out: which of an answer's files a place takes, bundled as its messages hold them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from adapters.words import alt_text
from core.errors import JarvisError
from core.events import Trace
from core.ports import Blobs
from core.types import Artifact

Upload: TypeAlias = tuple[bytes, str, str]
"""A file to be sent: its bytes, its name, and words for those who cannot see it."""

Files: TypeAlias = dict[str, Upload]
"""By SHA-256."""

FILES = 10
"""In one message."""

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


class Outbound:
    """Reads an answer's files, within what the place takes."""

    def __init__(self, blobs: Blobs, most: Callable[[str], Awaitable[int]]) -> None:
        """Read from ``blobs``; ``most`` tells how many bytes a file may have in a workspace."""
        self._blobs = blobs
        self._most = most

    async def uploads(self, workspace: str, trace: Trace) -> Uploads:
        """Return the files of a trace's answer that a workspace takes."""
        artifacts = tuple(dict.fromkeys(trace.answer.artifacts)) if trace.answer else ()
        if not artifacts:
            return NOTHING
        return await self.within(artifacts, trace, await self._most(workspace))

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


def too_large(file: Artifact, most: int) -> str:
    """Return the sentence about a file that is over the limit."""
    size, limit = file.size / 2**20, most / 2**20
    return (
        f"{file.name} has {size:.1f} MiB, and this place takes {limit:.0f} MiB a file: "
        "ask for it smaller or shorter, or as another format."
    )

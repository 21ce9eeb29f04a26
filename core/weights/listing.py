"""What a model consists of, as the Hub promises it: believed only where it could lie on a disk."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from core.weights.layout import COMMIT

if TYPE_CHECKING:
    from huggingface_hub.hf_api import ModelInfo

_DIGEST = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_ODD = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
_LONGEST_PART = 255  # bytes: what disks take between two slashes
_LONGEST_NAME = 1024  # bytes


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file of a model at one commit."""

    name: str
    size: int  # bytes
    etag: str  # SHA-256 of what is in Git LFS, else Git's SHA-1: names the content in the cache
    lfs: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """What a model consists of at one commit."""

    commit: str
    files: tuple[RemoteFile, ...]
    gated: bool


def listing_of(info: ModelInfo) -> Listing | None:
    """Return what the Hub tells about a model, None where it makes no sense: the library looks at no types."""
    files = tuple(_files(info))
    if not COMMIT.fullmatch(str(info.sha)) or not all(map(_decent, files)):
        return None
    return None if _at_odds({file.name for file in files}) else Listing(str(info.sha), files, bool(info.gated))


def _files(info: ModelInfo) -> Iterator[RemoteFile]:
    for one in info.siblings or ():
        if one.lfs is not None:
            yield RemoteFile(one.rfilename, one.lfs.size, one.lfs.sha256, lfs=True)
        elif one.size is not None and one.blob_id is not None:
            yield RemoteFile(one.rfilename, one.size, one.blob_id, lfs=False)


def _decent(file: RemoteFile) -> bool:
    """Whether a file stays within its model's folder and can lie there: its name and its digest become paths."""
    match (file.name, file.etag, file.size):
        case (str(name), str(etag), int(size)):
            return _is_name(name) and bool(_DIGEST.fullmatch(etag)) and size >= 0
        case _:
            return False


def _is_name(name: str) -> bool:
    parts = name.split("/")
    if {"", ".", ".."} & set(parts) or _ODD.search(name):
        return False
    return len(name.encode()) <= _LONGEST_NAME and all(len(part.encode()) <= _LONGEST_PART for part in parts)


def _at_odds(names: Collection[str]) -> bool:
    """Whether something is to be a file and a folder at once."""
    return any(str(parent) in names for name in names for parent in PurePosixPath(name).parents)

"""A model repository as the Hub shows it: a folder of files with the facts that the Hub tells about them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

LARGE = frozenset({".safetensors", ".bin", ".onnx", ".msgpack", ".h5", ".ckpt", ".pt", ".pth", ".gguf"})
"""Suffixes that the Hub keeps in Git LFS, whatever the size."""

LARGE_BYTES = 10 * 2**20
"""Any file from this size on is in Git LFS, too."""


@dataclass(frozen=True, slots=True)
class File:
    """One file at one commit."""

    name: str  # relative to the repository, with slashes
    path: Path
    size: int
    blob: str  # Git's SHA-1 of it, or of its pointer
    sha256: str | None  # of what is in Git LFS

    @property
    def etag(self) -> str:
        """What names the file's content to caches."""
        return self.sha256 or self.blob

    def sibling(self, *, blobs: bool) -> dict[str, Any]:
        """Return it as a row of a model's ``siblings``."""
        if not blobs:
            return {"rfilename": self.name}
        large = {"lfs": {"sha256": self.sha256, "size": self.size, "pointerSize": 134}} if self.sha256 else {}
        return {"rfilename": self.name, "size": self.size, "blobId": self.blob, **large}

    def leaf(self) -> dict[str, Any]:
        """Return it as a row of a tree."""
        large = {"lfs": {"oid": self.sha256, "size": self.size, "pointerSize": 134}} if self.sha256 else {}
        return {"type": "file", "oid": self.blob, "size": self.size, "path": self.name, **large}


@dataclass(kw_only=True)
class Repository:
    """A model. Its files are read once, when somebody first asks for them."""

    id: str
    folder: Path
    commit: str = ""  # empty: made from the files
    refs: Mapping[str, str] = field(default_factory=dict)  # other branches and tags -> commit; all hold the same files
    gated: str = ""  # "auto" or "manual": terms have to be accepted
    private: bool = False
    readers: Sequence[str] = ()  # tokens that may read it where it is gated or private
    pipeline_tag: str = ""
    library_name: str = "transformers"
    tags: Sequence[str] = ()
    downloads: int = 0
    likes: int = 0
    trending: int = 0
    created: str = "2024-01-01T00:00:00.000Z"
    modified: str = "2024-06-01T00:00:00.000Z"
    card: Mapping[str, Any] = field(default_factory=dict)  # the metadata at the head of its README
    providers: Mapping[str, Mapping[str, Any]] = field(
        default_factory=dict
    )  # who serves it -> providerId, status, task
    sizes: Mapping[str, int] = field(default_factory=dict)  # file -> the size the Hub tells in place of the true one

    @property
    def author(self) -> str:
        """The first half of the id; empty for the few models without one."""
        return self.id.partition("/")[0] if "/" in self.id else ""

    @cached_property
    def files(self) -> dict[str, File]:
        """All files by name."""
        paths = sorted(path for path in self.folder.rglob("*") if path.is_file())
        found = [self._file(path) for path in paths]
        return {file.name: file for file in found}

    def _file(self, path: Path) -> File:
        data = path.read_bytes()
        name = path.relative_to(self.folder).as_posix()
        large = path.suffix in LARGE or len(data) >= LARGE_BYTES
        sha256 = hashlib.sha256(data).hexdigest() if large else None
        return File(name, path, self.sizes.get(name, len(data)), git_blob(sha256.encode() if sha256 else data), sha256)

    @cached_property
    def sha(self) -> str:
        """The commit of ``main``."""
        told = "".join(f"{file.name} {file.etag}\n" for file in self.files.values())
        return self.commit or hashlib.sha1(f"{self.id}\n{told}".encode(), usedforsecurity=False).hexdigest()

    def resolve(self, revision: str) -> str | None:
        """Return the commit of a branch, tag or commit, None where there is no such thing."""
        if revision in ("main", self.sha):
            return self.sha
        return revision if revision in self.refs.values() else self.refs.get(revision)

    @property
    def all_tags(self) -> list[str]:
        """What the Hub can filter by."""
        told = [self.library_name, self.pipeline_tag, *self.tags]
        languages = self.card.get("language", [])
        told += [languages] if isinstance(languages, str) else languages
        if licence := self.card.get("license"):
            told.append(f"license:{licence}")
        return [tag for tag in dict.fromkeys(told) if tag]

    def facts(self, *, blobs: bool = False) -> dict[str, Any]:
        """Return everything that the Hub tells about a model, by its names."""
        return {
            "_id": self.sha[:24], "id": self.id, "modelId": self.id, "author": self.author, "sha": self.sha,
            "private": self.private, "gated": self.gated or False, "disabled": False,
            "downloads": self.downloads, "downloadsAllTime": self.downloads * 10, "likes": self.likes,
            "trendingScore": self.trending, "tags": self.all_tags, "pipeline_tag": self.pipeline_tag or None,
            "library_name": self.library_name, "createdAt": self.created, "lastModified": self.modified,
            "cardData": dict(self.card), "config": self._config(), "safetensors": self._safetensors(),
            "siblings": [file.sibling(blobs=blobs) for file in self.files.values()],
            "usedStorage": sum(file.size for file in self.files.values()), "spaces": [],
            "inferenceProviderMapping": {name: dict(row) for name, row in self.providers.items()},
            "inference": "warm" if self.providers else None,
        }  # fmt: skip

    def _config(self) -> dict[str, Any]:
        config = self.folder / "config.json"
        if not config.is_file():
            return {}
        told = json.loads(config.read_text())
        return {name: told[name] for name in ("architectures", "model_type") if name in told}

    def _safetensors(self) -> dict[str, Any] | None:
        """Count the parameters by number format, as the Hub does from the files' heads."""
        counts: dict[str, int] = {}
        for file in self.files.values():
            if "/" in file.name or not file.name.endswith(".safetensors"):
                continue
            for name, tensor in _head(file.path).items():
                if name != "__metadata__":
                    counts[tensor["dtype"]] = counts.get(tensor["dtype"], 0) + _product(tensor["shape"])
        return {"parameters": counts, "total": sum(counts.values())} if counts else None


def git_blob(data: bytes) -> str:
    """Return the name that Git gives to a file's content."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def _head(path: Path) -> dict[str, Any]:
    """Return the head of a safetensors file; empty where it is none."""
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if length > 100_000_000:
            return {}
        try:
            head = json.loads(file.read(length))
        except ValueError:
            return {}
    return head if isinstance(head, dict) else {}


def _product(numbers: Sequence[int]) -> int:
    found = 1
    for number in numbers:
        found *= number
    return found

"""Where models lie: the cache that all Hugging Face libraries share.

A model's folder holds ``blobs/`` (contents by digest), ``snapshots/<commit>/`` (links to them under the files' names)
and ``refs/`` (a branch's newest commit here). Its layout is documented at
https://huggingface.co/docs/huggingface_hub/guides/manage-cache. We add ``jarvis/<commit>.json``: which files of a
commit make it complete. Everything here looks at the disk only, and is quick.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

COMMIT = re.compile(r"[0-9a-f]{40}")
PARTIAL = ".jarvis.incomplete"
"""Ends the name of a blob that is still coming. It stays when a download breaks off, and grows on from there."""

_PREFIX = "models--"
_WEIGHTS = (
    ".safetensors",
    ".bin",
    ".pt",
    ".pth",
    ".ckpt",
    ".gguf",
    ".onnx",
    ".h5",
    ".npz",
    ".pkl",
    ".joblib",
    ".skops",
)


@dataclass(frozen=True, slots=True)
class Repo:
    """One model's folder in a cache."""

    cache: Path
    id: str

    @property
    def folder(self) -> Path:
        """Everything of the model."""
        return self.cache / (_PREFIX + self.id.replace("/", "--"))

    @property
    def lock(self) -> Path:
        """The file that whoever downloads it holds a lock on."""
        return self.cache / ".locks" / self.folder.name / "jarvis.lock"

    def snapshot(self, commit: str) -> Path:
        """Return the folder of the files at a commit."""
        return self.folder / "snapshots" / commit

    def blob(self, etag: str) -> Path:
        """Return where a content lies."""
        return self.folder / "blobs" / etag

    def partial(self, etag: str) -> Path:
        """Return where a content lies while it is coming."""
        return self.folder / "blobs" / (etag + PARTIAL)

    def record(self, commit: str) -> Path:
        """Return the file that tells what belongs to a commit."""
        return self.folder / "jarvis" / f"{commit}.json"

    def commit(self, revision: str = "") -> str | None:
        """Return the commit of a branch, a tag or itself as far as it is here, None where nothing is."""
        found: str | None = revision
        if not COMMIT.fullmatch(revision):
            found = _read(self.folder / "refs" / (revision or "main"))
        return found if found and COMMIT.fullmatch(found) and self.snapshot(found).is_dir() else None

    def complete(self, revision: str = "", variant: str = "", extra: Collection[str] = ()) -> Path | None:
        """Return the folder of its files if all of them are here, else None.

        What we downloaded has a record to be held against; of what others put here, we see whether it fits together.
        ``extra`` are patterns of further files: two models may be different files of one repository.
        """
        commit = self.commit(revision)
        if commit is None:
            return None
        snapshot = self.snapshot(commit)
        record = read_record(self.record(commit))
        try:
            whole = record.fits(snapshot, variant) if record else seems_whole(snapshot)
            whole = whole and _holds(snapshot, extra)
        except (OSError, ValueError):  # names in it that no disk takes, a folder that nobody may read
            return None
        return snapshot if whole else None

    def stamp(self) -> tuple[int, ...]:
        """Return what changes whenever a commit comes or goes."""
        places = (self.folder / name for name in ("refs", "snapshots", "jarvis"))
        return tuple(_changed(place) for place in places)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What we downloaded of a commit. Its file's time of change is when it was last used."""

    model: str
    commit: str
    files: Mapping[str, int] = field(default_factory=dict)  # name -> bytes
    variants: tuple[str, ...] = ()  # for which these are all the files there are; empty while they are coming

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(self.files.values())

    def fits(self, snapshot: Path, variant: str) -> bool:
        """Whether all files for a variant are here, with their sizes."""
        return variant in self.variants and all(_size(snapshot / name) == size for name, size in self.files.items())

    def write(self, path: Path) -> None:
        """Write it in one step."""
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_suffix(f".{os.getpid()}.new")
        new.write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")
        new.replace(path)


def read_record(path: Path) -> Record | None:
    """Read a record; None where there is none, or nothing that can be read as one."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        files = {str(name): int(size) for name, size in told["files"].items()}
        return Record(
            model=str(told["model"]), commit=str(told["commit"]), files=files, variants=tuple(told["variants"])
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def records(cache: Path) -> Iterator[tuple[Path, Record]]:
    """Yield all records of a cache with their files."""
    for path in cache.glob(f"{_PREFIX}*/jarvis/*.json"):
        if record := read_record(path):
            yield path, record


def clear(path: Path) -> None:
    """Delete what lies in a file's place and is none: a folder, or a link that leads nowhere."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    elif path.is_symlink() and not path.is_file():
        path.unlink()


def seems_whole(snapshot: Path) -> bool:
    """Whether files that somebody else put here are a model: weights, all of their shards, all parts of a pipeline."""
    files = {path.relative_to(snapshot).as_posix() for path in snapshot.rglob("*") if not path.is_dir()}
    if not all((snapshot / name).exists() for name in files):  # a link whose content is gone
        return False
    if not any(name.endswith(_WEIGHTS) for name in files):
        return False
    shards = (shard for name in files if name.endswith(".index.json") for shard in _shards(snapshot, name))
    return all(shard in files for shard in shards) and all((snapshot / part).is_dir() for part in _parts(snapshot))


def _holds(snapshot: Path, patterns: Collection[str]) -> bool:
    """Whether there is a file for each of the patterns."""
    if not patterns:
        return True
    names = [path.relative_to(snapshot).as_posix() for path in snapshot.rglob("*") if path.is_file()]
    return all(any(fnmatchcase(name, pattern) for name in names) for pattern in patterns)


def _shards(snapshot: Path, index: str) -> set[str]:
    """Return the files that an index of weights names; none where another format of the same weights is here."""
    told = _json(snapshot / index).get("weight_map")
    names = {name for name in told.values() if isinstance(name, str)} if isinstance(told, dict) else set()
    inside = index.rpartition("/")[0]
    here = [path.name for path in (snapshot / inside).iterdir()]
    others = [name for name in here if name.endswith(".safetensors") and name not in names]
    if index.endswith(".bin.index.json") and others:
        return set()
    return {f"{inside}/{name}" if inside else name for name in names}


def _parts(snapshot: Path) -> list[str]:
    return list(components(_json(snapshot / "model_index.json")))


def components(index: Mapping[str, object]) -> tuple[str, ...]:
    """Return the names of a diffusers pipeline's parts, from its ``model_index.json``."""
    return tuple(
        name
        for name, value in index.items()
        if not name.startswith("_") and isinstance(value, list) and len(value) == 2 and all(value)
    )


def _json(path: Path) -> dict[str, object]:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return None


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None


def _changed(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0

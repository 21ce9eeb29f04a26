"""How tiny models come to be: a function that writes one, declared with the task types it serves, run once."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from filelock import FileLock

from core.contract import Model
from core.types import Scalar

Build = Callable[[Path], None]
"""Writes a model into an empty folder, as ``save_pretrained`` does. PyTorch's random numbers are seeded before it."""

REVISION = "0" * 40
"""The commit that tiny models pretend to have been downloaded at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiny:
    """One tiny model: ``build`` writes it, ``serves`` names the task types (and families) that run it."""

    id: str
    build: Build
    serves: tuple[tuple[str, str], ...]
    settings: Mapping[str, Scalar] = field(default_factory=dict)
    parts: Mapping[str, str] = field(default_factory=dict)

    def model(self, family: str) -> Model:
        """Return it as a row of a catalogue."""
        return Model(
            id=self.id, family=family, revision=REVISION, memory=50_000_000, settings=self.settings, parts=self.parts
        )


TINY: dict[str, Tiny] = {}
"""All declared tiny models by id."""


def tiny(
    name: str,
    *serves: str | tuple[str, str],
    settings: Mapping[str, Scalar] | None = None,
    parts: Mapping[str, str] | None = None,
) -> Callable[[Build], Build]:
    """Declare the model ``tiny/<name>``; ``serves`` are task types, or pairs of task type and family."""

    def declare(build: Build) -> Build:
        pairs = tuple((one, "") if isinstance(one, str) else one for one in serves)
        made = Tiny(id=f"tiny/{name}", build=build, serves=pairs, settings=settings or {}, parts=parts or {})
        assert len({task for task, _ in pairs}) == len(pairs), "one model does a task in one way"
        TINY[made.id] = made
        return build

    return declare


def labels(*names: str) -> dict[str, Any]:
    """Return labels as configurations ask for them."""
    return {"id2label": dict(enumerate(names)), "label2id": {name: number for number, name in enumerate(names)}}


def save(folder: Path, *parts: Any) -> None:
    """Write a model and what belongs to it into one folder."""
    for part in parts:
        part.save_pretrained(folder)


def installed(models: Mapping[str, Tiny]) -> Path:
    """Return a Hugging Face cache that holds the models, built now or in an earlier run of the same builders.

    Several processes may ask at once: one builds, the others wait.
    """
    cache = Path(tempfile.gettempdir()) / f"jarvis-tiny-{_digest()}"
    cache.mkdir(exist_ok=True)
    for one in models.values():
        install(one, cache)
    return cache


def install(one: Tiny, cache: Path) -> None:
    """Write a model where ``huggingface_hub`` would have put it."""
    repository = cache / f"models--{one.id.replace('/', '--')}"
    snapshot = repository / "snapshots" / REVISION
    with FileLock(f"{repository}.lock"):
        if (repository / "refs" / "main").exists():
            return
        import torch

        shutil.rmtree(repository, ignore_errors=True)
        snapshot.mkdir(parents=True)
        torch.manual_seed(0)
        one.build(snapshot)
        (repository / "refs").mkdir()
        (repository / "refs" / "main").write_text(REVISION)


@cache
def _digest() -> str:
    """Tell builders apart: another version of them builds anew, but not midway in a process that has one loaded."""
    digest = hashlib.sha256()
    for file in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]

"""Models to download from the local Hub, the real pool that does it, and a look at what came."""

from __future__ import annotations

import hashlib
import json
import os
import random
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest

from core.errors import JarvisError
from core.executors.pool import Pool
from core.ports import Job
from core.registry import Registry
from core.types import Value
from core.weights.layout import Repo
from core.weights.store import MODEL, TYPE
from tests.simulators.hub import Hub
from tests.simulators.repository import Repository

BIG = 6_000_000
SECRET = "hf_secret"
WEIGHTS = "/cdn/*/model.safetensors"


def noise(size: int, seed: int = 0) -> bytes:
    """Return bytes that nothing else holds."""
    return random.Random(seed).randbytes(size)


def model(folder: Path, *, size: int = BIG, seed: int = 0, files: Mapping[str, bytes] | None = None) -> Path:
    """Write a model as a repository holds it: settings, weights, and what nobody needs."""
    given = {
        "config.json": json.dumps({"model_type": "bert", "seed": seed}).encode(),
        "tokenizer.json": noise(20_000, seed + 1),
        "model.safetensors": noise(size, seed),
        "pytorch_model.bin": noise(1000),
        "onnx/model.onnx": noise(1000),
        "README.md": b"# Model",
    }
    for name, data in (given if files is None else files).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def download_pool(**settings: Any) -> Pool:
    """Return the pool that downloads, as the bot makes it."""
    return Pool(Registry.discover(), types={TYPE}, **{"grace": 1.0, **settings})


def serve(hub: Hub, folder: Path, name: str = "org/other", **facts: Any) -> None:
    """Add a model to the Hub."""
    hub.repositories[name] = Repository(id=name, folder=folder, **facts)


async def get(
    pool: Pool, hub: Hub, cache: Path, name: str = "org/model", *, deadline: float = 60.0, told: Told | None = None,
    **inputs: Any,
) -> Mapping[str, Value]:  # fmt: skip
    """Download a model."""
    given = {"endpoint": hub.url, "cache": str(cache), "model": name, "patience": 1.0, **inputs}
    job = Job(id="1", type=TYPE, model=MODEL, inputs=given, seconds=deadline)
    with anyio.fail_after(90):
        return await pool.run(job, told or Told())


async def refusal(pool: Pool, hub: Hub, cache: Path, name: str = "org/model", **inputs: Any) -> str:
    """Return the sentence that a download ends with."""
    with pytest.raises(JarvisError) as raised:
        await get(pool, hub, cache, name, **inputs)
    assert SECRET not in raised.value.message
    return raised.value.message


def whole(hub: Hub, cache: Path, name: str = "org/model") -> bool:
    """Whether the cache has a model's weights as the Hub has them, and says so."""
    folder = Repo(cache, name).complete()
    here = hub.repositories[name].folder
    return folder is not None and sha256(folder / "model.safetensors") == sha256(here / "model.safetensors")


def largest(repo: Repo) -> int:
    """Return the bytes of the largest content that is here or coming."""
    return max((path.stat().st_size for path in repo.folder.glob("blobs/*")), default=0)


def child_of(pool: Pool) -> int | None:
    """The process of a pool's first slot."""
    return pool.status().slots[0].pid


async def until(holds: Callable[[], object]) -> None:
    """Wait until something is so."""
    with anyio.fail_after(20):
        while not holds():  # noqa: ASYNC110 - files and processes raise no events
            await anyio.sleep(0.01)


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """Mount a disk of its own at ``folder``; skips the test where nobody may."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a small disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


class Told:
    """Remembers the progress that was told."""

    def __init__(self) -> None:
        self.all: list[tuple[float | None, str]] = []

    def __call__(self, fraction: float | None, note: str) -> None:
        self.all.append((fraction, note))

    @property
    def fractions(self) -> list[float]:
        """Those that are known."""
        return [fraction for fraction, _ in self.all if fraction is not None]


def sha256(path: Path) -> str:
    """Return a file's digest."""
    return hashlib.sha256(path.read_bytes()).hexdigest()

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

from core.executors.pool import Pool
from core.registry import Registry
from core.weights.store import TYPE

BIG = 6_000_000


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

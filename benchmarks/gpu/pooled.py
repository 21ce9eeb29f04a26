"""The pool at work on the device."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import Any

from benchmarks.gpu.setup import PROMPT, TASK, Setup
from core.contract import Model
from core.executors.device import Device
from core.executors.pool import Pool
from core.ports import Job
from core.registry import Registry
from core.types import Media, Place


@asynccontextmanager
async def pooled(setup: Setup, memory: int | None = None) -> AsyncIterator[Pool]:
    """Start a pool on the device with a budget of bytes."""
    registry = Registry.discover(catalogue={TASK: setup.models})
    devices = [Device(name=setup.device, memory=memory)]
    async with Pool(
        registry,
        place=Place.LOCAL,
        types=(TASK,),
        devices=devices,
        preload=("core.local.preload",),
        environment={"HF_HUB_CACHE": setup.cache, "HF_HUB_OFFLINE": "1"},
    ) as pool:
        await pool.ready()
        yield pool


async def paint(pool: Pool, model: Model, seed: int = 0, *, on_progress: Any = None, **inputs: Any) -> Media:
    """Have a picture painted."""
    job = Job(
        id=f"{model.id}-{seed}",
        type=TASK,
        model=model.id,
        inputs={"prompt": PROMPT, "seed": seed, **inputs},
        seconds=600,
    )
    image = (await pool.run(job, on_progress or (lambda *_: None)))["image"]
    assert isinstance(image, Media)
    return image


async def timed(act: Awaitable[object]) -> float:
    """Return the seconds that something takes."""
    began = time.perf_counter()
    await act
    return time.perf_counter() - began


def child(pool: Pool) -> int | None:
    """Return the process id of the pool's child."""
    return pool.status().slots[0].pid

"""What the pool costs beside the bare pipeline, and what keeping models warm within a budget of bytes saves.

Run it with ``python -m benchmarks.pool``, on a GPU with ``--device cuda:0``. All figures of one line come from one run,
taken in turns; the models have random weights and the sizes that people use.
"""

from __future__ import annotations

import argparse
import gc
import itertools
import logging
import os
import random
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import anyio
import structlog
from PIL import Image
from rich.console import Console
from rich.table import Table

from benchmarks.sized import SIZED, crowd
from core.contract import Model
from core.executors.device import Device
from core.executors.pool import Pool
from core.ports import Job
from core.registry import Registry
from core.types import Kind, Media, Place, Value
from tests.tiny.builder import Tiny, install

ROUNDS = 9
CLIENTS = 32
TEXT = "The report says that sales rose in every region, and the weather was good."


def job(task: str, model: str, inputs: dict[str, Value], owner: str = "") -> Job:
    """Return a job with a generous deadline."""
    return Job(id="benchmark", type=task, model=model, inputs=inputs, seconds=600, owner=owner)


def pool_of(models: Sequence[Tiny], cache: str, device: Device, *, keep: int = 64) -> Pool:
    """Return a pool that has these models for candidates."""
    rows: dict[str, list[Model]] = {}
    for one in models:
        size = sum(file.stat().st_size for file in folder_of(cache, one).glob("*.safetensors"))
        for task, family in one.serves:
            model = replace(one.model(family), size=size, memory=int(1.3 * size))
            rows.setdefault(task, []).append(model)
    return Pool(
        Registry.discover(catalogue=rows),
        place=Place.LOCAL,
        preload=["core.local.preload"],
        devices=[device],
        models=keep,
        queue=10_000,
        environment={"HF_HUB_CACHE": cache, "HF_HUB_OFFLINE": "1"},
    )


def picture() -> tuple[Image.Image, Media]:
    """Return a photo-sized picture of noise, decoded and as a file."""
    image = Image.effect_noise((640, 480), 60).convert("RGB")
    file = BytesIO()
    image.save(file, "JPEG")
    return image, Media(data=file.getvalue(), kind=Kind.IMAGE, mime="image/jpeg", name="photo.jpg")


async def ratio(bare: Callable[[], object], pooled: Callable[[], Awaitable[object]], calls: int) -> tuple[float, float]:
    """Return calls a second of both, measured in turns: the median of the rounds."""
    rates: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        began = time.perf_counter()
        for _ in range(calls):
            bare()
        middle = time.perf_counter()
        for _ in range(calls):
            await pooled()
        rates[0].append(calls / (middle - began))
        rates[1].append(calls / (time.perf_counter() - middle))
    return statistics.median(rates[0]), statistics.median(rates[1])


async def one_client(table: Table, pool: Pool, cache: str, device: str) -> None:
    """Compare one client's calls with the bare pipeline's."""
    from transformers import pipeline

    image, file = picture()
    for one in SIZED:
        ((task, _),) = one.serves
        pipe = pipeline(task, model=str(folder_of(cache, one)), device=device)
        given: Any = image if task == "image-classification" else TEXT
        inputs: dict[str, Value] = {"image": file} if task == "image-classification" else {"text": TEXT}

        async def ask(task: str = task, one: Tiny = one, inputs: dict[str, Value] = inputs) -> None:
            await pool.run(job(task, one.id, inputs), lambda *_: None)

        await ask()
        pipe(given)
        calls = 50 if "tiny" in one.id else 8
        bare, pooled = await ratio(lambda pipe=pipe, given=given: pipe(given), ask, calls)  # type: ignore[misc]
        row(table, f"{one.id}, one client", bare, pooled, 0.95)


async def many_clients(table: Table, pool: Pool, cache: str, device: str) -> None:
    """Compare 32 clients of one classifier with the bare pipeline's best batch rate."""
    from transformers import pipeline

    for one in SIZED:
        ((task, _),) = one.serves
        if task != "text-classification":
            continue
        pipe = pipeline(task, model=str(folder_of(cache, one)), device=device)
        count = 512 if "tiny" in one.id else 64
        texts = [TEXT] * count
        best, pooled = 0.0, 0.0
        for size in (1, 8, 16, 32):
            began = time.perf_counter()
            pipe(texts, batch_size=size)
            best = max(best, count / (time.perf_counter() - began))
        for _ in range(3):
            pooled = max(pooled, await rate(pool, task, one.id, count))
        row(table, f"{one.id}, {CLIENTS} clients", best, pooled, 0.9)


async def rate(pool: Pool, task: str, model: str, count: int) -> float:
    """Return the jobs a second of 32 clients that ask one job after the other."""
    left = iter(range(count))

    async def client(name: int) -> None:
        for _ in left:
            await pool.run(job(task, model, {"text": TEXT}, str(name)), lambda *_: None)

    began = time.perf_counter()
    async with anyio.create_task_group() as group:
        for name in range(CLIENTS):
            group.start_soon(client, name)
    return count / (time.perf_counter() - began)


async def zipf(table: Table, cache: str, device: str) -> None:
    """Ask ten models that do not fit together, some much more often than others; then the same without keeping any."""
    models = crowd()
    size = sum(file.stat().st_size for file in folder_of(cache, models[0]).glob("*.safetensors"))
    room = int(4.5 * size)
    dice = random.Random(1)
    weights = [1 / rank for rank in range(1, len(models) + 1)]
    asked = dice.choices([one.id for one in models], weights, k=300)
    for what, keep in (("warm within the budget", 64), ("loaded each time", 0)):
        async with pool_of(models, cache, Device(name=device, memory=room), keep=max(keep, 1)) as pool:
            await pool.ready()
            seconds, most = await storm(pool, asked if keep else asked[:60], forget=not keep)
            slot = pool.status().slots[0]
            assert most <= room, "the budget was overrun"
            assert slot.deaths == 0, "a child was lost"
            hits = 1 - slot.loads / slot.ran
            p50, p95 = statistics.median(seconds), statistics.quantiles(seconds, n=20)[-1]
            table.add_row(
                f"10 models, room for 4, {what}",
                f"p50 {1000 * p50:.0f} ms",
                f"p95 {1000 * p95:.0f} ms",
                f"hits {hits:.0%}",
                f"most {most / 1e6:.0f} of {room / 1e6:.0f} MB",
            )


async def storm(pool: Pool, asked: Sequence[str], *, forget: bool) -> tuple[list[float], int]:
    """Have four clients ask; return the seconds of each job and the most bytes that were loaded.

    With ``forget`` each job's model is followed by another, so that with room for one none is ever warm.
    """
    seconds: list[float] = []
    most = 0
    left = iter(asked)

    async def client(name: int) -> None:
        nonlocal most
        for model in left:
            began = time.perf_counter()
            await pool.run(job("text-classification", model, {"text": TEXT}, str(name)), lambda *_: None)
            seconds.append(time.perf_counter() - began)
            most = max(most, *(slot.bytes for slot in pool.status().slots))

    async with anyio.create_task_group() as group:
        for name in range(1 if forget else 4):
            group.start_soon(client, name)
    return seconds, most


def row(table: Table, what: str, bare: float, pooled: float, mark: float) -> None:
    """Add a comparison: calls a second of both, and how the ratio stands to the mark."""
    verdict = "held" if pooled / bare >= mark else "[bold red]missed[/]"
    table.add_row(what, f"{bare:.1f}/s", f"{pooled:.1f}/s", f"{pooled / bare:.2f}", f"{mark:g} {verdict}")


def folder_of(cache: str, one: Tiny) -> Path:
    """Return where a model lies in the cache."""
    return next((Path(cache) / f"models--{one.id.replace('/', '--')}" / "snapshots").iterdir())


async def measure(device: str) -> Table:
    """Build, measure, and return the table."""
    table = Table("", "bare pipeline", "pool", "ratio", "mark", title=f"The pool on {device}")
    with tempfile.TemporaryDirectory() as cache:
        for one in itertools.chain(SIZED, crowd()):
            install(one, Path(cache))
        async with pool_of(SIZED, cache, Device(name=device)) as pool:
            await pool.ready()
            gc.freeze()  # as the bot does
            await one_client(table, pool, cache, device)
            await many_clients(table, pool, cache, device)
        await zipf(table, cache, device)
    return table


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--device", default="cpu", help="cpu, cuda:0 ...")
    os.environ.setdefault("OMP_NUM_THREADS", str(len(os.sched_getaffinity(0))))  # as many for both sides
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    Console(width=140).print(anyio.run(measure, parser.parse_args().device))


if __name__ == "__main__":
    main()

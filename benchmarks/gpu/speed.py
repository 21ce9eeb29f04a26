"""How fast models paint, and how fast one takes another's place."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence

import anyio

from benchmarks.gpu.apart import apart, copy_rates
from benchmarks.gpu.bare import bare, staged, straight
from benchmarks.gpu.pooled import paint, pooled, timed
from benchmarks.gpu.report import Report
from benchmarks.gpu.setup import GB, Setup
from core.contract import Model
from core.executors.pool import Pool


async def images(setup: Setup, report: Report) -> None:
    """Compare images a second: bare, and through the pool by two clients, so that a job always waits."""
    for model in setup.models[:2]:
        alone = apart(bare, setup, model)
        async with pooled(setup) as pool:
            await paint(pool, model)
            began = time.perf_counter()
            async with anyio.create_task_group() as tasks:
                for client in range(2):
                    tasks.start_soon(_paint_many, pool, model, range(client, setup.images, 2))
            seconds = (time.perf_counter() - began) / setup.images
        report.add("images", f"{model.id}: bare pipeline", 1 / alone["image"], "images/s")
        report.add("images", f"{model.id}: through the pool", 1 / seconds, "images/s")
        report.add("images", f"{model.id}: pool / bare", alone["image"] / seconds, "", "≥ 0.97")
        report.add("images", f"{model.id}: pool / bare with PNG", (alone["image"] + alone["png"]) / seconds)
        report.add("images", f"{model.id}: writing one PNG", 1000 * alone["png"], "ms")


async def _paint_many(pool: Pool, model: Model, seeds: Sequence[int]) -> None:
    for seed in seeds:
        await paint(pool, model, seed)


async def switch(setup: Setup, report: Report) -> None:
    """Change between two models of which only one fits, and compare with copying their bytes."""
    _, one, other = setup.models
    weight = one.size or 0
    bound = int(1.15 * weight + (0 if setup.tiny else 7 * GB))
    async with pooled(setup, bound) as pool:
        for model in (one, other):
            await paint(pool, model, steps=1)
        warm = min([await timed(paint(pool, other, steps=1)) for _ in range(3)])
        cold = [await timed(paint(pool, model, steps=1)) for model in (one, other, one, other)]
    seconds = statistics.median(cold) - warm
    report.add("switch", "weights of one model", weight / GB, "GB")
    report.add("switch", "job of one step, model loaded", warm, "s")
    report.add("switch", "the same when the other model was loaded", statistics.median(cold), "s")
    report.add("switch", "switch", seconds, "s")
    report.add("switch", "bare: from_pretrained and .to(device)", apart(bare, setup, one)["load"], "s")
    if setup.gpu:
        for kind, rate in apart(copy_rates, setup.device).items():
            report.add("switch", f"copy rate, {kind} memory", rate / GB, "GB/s")
            report.add("switch", f"bytes at this rate ({kind})", weight / rate, "s")
            report.add("switch", f"switch / copying ({kind})", seconds * rate / weight)
        report.add("switch", "bare: from_pretrained with device_map", apart(straight, setup, one), "s")
        report.add("switch", "bare: bytes through two pinned buffers", apart(staged, setup, one), "s")

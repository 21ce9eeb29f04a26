"""Whether models keep within memory that is too small for all of them, by a budget or because others have it."""

from __future__ import annotations

import time

from benchmarks.gpu.apart import apart, context_of, hogged
from benchmarks.gpu.meter import Meter
from benchmarks.gpu.pooled import child, paint, pooled
from benchmarks.gpu.report import Report
from benchmarks.gpu.setup import GB, TASK, Setup
from core.contract import Model
from core.errors import JarvisError
from core.executors.pool import Pool


async def budget(setup: Setup, report: Report) -> None:
    """Let models take turns that do not fit together, and watch the device."""
    largest = max(model.size or 0 for model in setup.models)
    bound = int(1.15 * largest + (0 if setup.tiny else 7 * GB))
    async with pooled(setup, bound) as pool:
        meter = Meter(setup, lambda: child(pool))
        empty = meter.read()
        loads = 0
        with meter.watching():
            for turn in range(3):
                for model in (*setup.models, setup.models[0]):
                    loads += (TASK, model.id) not in pool.status().slots[0].loaded
                    await paint(pool, model, turn, steps=2)
        status = pool.status().slots[0]
        report.add("budget", "sum of the three models", sum(model.size or 0 for model in setup.models) / GB, "GB")
        report.add("budget", "set budget", bound / GB, "GB")
        report.add("budget", "models at the end, as the pool counts", status.bytes / GB, "GB")
        report.add("budget", "times a model was loaded, of 12 turns", loads)
        report.add("budget", "most taken, CUDA's context and cache included", (meter.most - empty) / GB, "GB")
        report.add("budget", "children lost", status.deaths, "", "0")
    if setup.gpu:
        context = apart(context_of, setup)
        within = (meter.most - empty - context) / GB
        report.add("budget", "CUDA's context alone", context / GB, "GB")
        report.add("budget", "most taken less the context", within, "GB", f"≤ {bound / GB:.3f}")


async def ladder(setup: Setup, report: Report) -> None:
    """Fill the device from outside; see what becomes of a job, and that all is well when there is room again."""
    if not setup.gpu:
        report.add("ladder", "needs a GPU", "left out")
        return
    model = setup.models[1]
    weight = model.size or 0
    context = apart(context_of, setup)
    for what, leave in (
        ("room for the weights and 2 GB", weight + context + int(2 * GB)),
        ("less room than the weights", int(0.95 * weight) + context),
        ("hardly any room", context + int(1 * GB)),
    ):
        async with pooled(setup) as pool:
            with hogged(setup, leave):
                began = time.perf_counter()
                outcome = await _tried(pool, model)
                report.add("ladder", f"{what}: {outcome}", time.perf_counter() - began, "s")
            outcome = await _tried(pool, model)
            report.add("ladder", f"{what}, given back: {outcome}", pool.status().slots[0].deaths, "children lost", "0")


async def _tried(pool: Pool, model: Model) -> str:
    try:
        await paint(pool, model, steps=2)
    except JarvisError as error:
        return f"{type(error).__name__}: {error.message}"
    return "a picture"

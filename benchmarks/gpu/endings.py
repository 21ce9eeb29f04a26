"""Jobs that do not come to their end: cancelled, or killed with their child."""

from __future__ import annotations

import os
import signal
import statistics
import time
from typing import Any

import anyio

from benchmarks.gpu.pooled import child, paint, pooled, timed
from benchmarks.gpu.report import Report
from benchmarks.gpu.setup import Setup
from core.contract import Model
from core.executors.pool import Pool


async def cancel(setup: Setup, report: Report) -> None:
    """Stop a job after its third step."""
    model = setup.models[1]
    async with pooled(setup) as pool:
        await paint(pool, model, steps=2)
        few, many = [await timed(paint(pool, model, steps=steps)) for steps in (2, 22)]
        took = []
        for _ in range(5):
            third = anyio.Event()

            def progress(_fraction: float | None, note: str, third: anyio.Event = third) -> None:
                if note.startswith("step") and int(note.split()[1]) >= 3:  # not every step is told
                    third.set()

            with anyio.CancelScope() as scope:
                async with anyio.create_task_group() as tasks:
                    tasks.start_soon(_paint_told, pool, model, progress)
                    await third.wait()
                    began = time.perf_counter()
                    scope.cancel()
            took.append(time.perf_counter() - began)
        pid = child(pool)
        await paint(pool, model, steps=2)
        report.add("cancel", "one step", (many - few) / 20, "s")
        report.add("cancel", "cancel to stopped, median", statistics.median(took), "s", "one step")
        report.add("cancel", "cancel to stopped, most", max(took), "s")
        report.add("cancel", "the child lives on and paints", str(pid == child(pool)), "", "True")


async def _paint_told(pool: Pool, model: Model, progress: Any) -> None:
    await paint(pool, model, on_progress=progress, steps=100)


async def kill(setup: Setup, report: Report) -> None:
    """Kill the child, idle and at work."""
    model = setup.models[0]
    async with pooled(setup) as pool:
        await paint(pool, model, steps=1)
        warm = await timed(paint(pool, model, steps=1))
        ready, again = [], []
        for _ in range(5):
            pid = child(pool)
            assert pid is not None
            began = time.perf_counter()
            os.kill(pid, signal.SIGKILL)
            while child(pool) in (pid, None):  # noqa: ASYNC110 - processes raise no events
                await anyio.sleep(0.001)
            ready.append(time.perf_counter() - began)
            await paint(pool, model, steps=1)
            again.append(time.perf_counter() - began)
        report.add("kill", "killed to the next child", statistics.median(ready), "s", "≤ 0.5")
        report.add("kill", "killed to the next picture, model loaded anew", statistics.median(again), "s")
        report.add("kill", "of that: a warm job", warm, "s")

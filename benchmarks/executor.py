"""What a call into a child process costs, and how soon a lost child is made good.

Run it with ``python -m benchmarks.executor``.
"""

from __future__ import annotations

import logging
import os
import signal
import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import anyio
import anyio.lowlevel
import structlog
from rich.console import Console
from rich.table import Table

from core.executors.pool import Pool
from core.ports import Job
from core.registry import Registry
from core.types import Kind, Media, Value

TOYS = "benchmarks.toys"
IMAGE = Media(data=os.urandom(5 * 2**20), kind=Kind.IMAGE, mime="image/png", name="photo.png")


@dataclass(slots=True)
class Row:
    """One line of the table: seconds measured, and the mark they are held against."""

    what: str
    mark: float | None = None  # seconds, for the median
    seconds: list[float] = field(default_factory=list)

    def cells(self) -> tuple[str, ...]:
        """Return the line's text."""
        low, median, high = min(self.seconds), statistics.median(self.seconds), max(self.seconds)
        verdict = "" if self.mark is None else ("held" if median <= self.mark else "[bold red]missed[/]")
        mark = "" if self.mark is None else f"{self.mark * 1000:g}"
        return self.what, *(f"{1000 * value:.2f}" for value in (low, median, high)), mark, verdict


def job(model: str, **inputs: Value) -> Job:
    """Return a job for one of the toys."""
    type_ = "passing" if model == "toy/passing" else "waiting"
    return Job(id="benchmark", type=type_, model=model, inputs=inputs, seconds=60)


async def ask(pool: Pool, model: str, **inputs: Value) -> None:
    """Run a job and check that it gave something."""
    outputs = await pool.run(job(model, **inputs), lambda *_: None)
    assert outputs


async def clock(row: Row, times: int, act: Callable[[], Awaitable[object]]) -> Row:
    """Measure how long ``act`` takes, several times."""
    for _ in range(times):
        began = time.perf_counter()
        await act()
        row.seconds.append(time.perf_counter() - began)
    return row


async def with_ticks(row: Row, act: Callable[[], Awaitable[object]]) -> Row:
    """Measure how long the event loop stands still while ``act`` runs: the longest wait of a task that only ticks."""

    async def tick() -> None:
        while True:
            before = time.perf_counter()
            await anyio.lowlevel.checkpoint()
            row.seconds.append(time.perf_counter() - before)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(tick)
        await act()
        tasks.cancel_scope.cancel()
    row.seconds = [max(row.seconds)]
    return row


async def kill(pool: Pool) -> None:
    """Kill the child and wait until the next one has done a job."""
    pid = pool.status().slots[0].pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    await ask(pool, "toy/waiting", seconds=0)
    assert pool.status().slots[0].pid != pid


async def cancel(pool: Pool, model: str) -> float:
    """Return the seconds from a cancel until the job has stopped."""
    with anyio.CancelScope() as scope:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(lambda: ask(pool, model, seconds=60))
            await anyio.sleep(0.1)
            began = time.perf_counter()
            scope.cancel()
    return time.perf_counter() - began


async def measure() -> list[Row]:
    """Return the table's lines."""
    registry = Registry.discover(TOYS)
    began = time.perf_counter()
    async with Pool(registry, packages=[TOYS], grace=0.5) as pool:
        await pool.ready()
        rows = [Row("start of the pool", None, [time.perf_counter() - began])]
        await ask(pool, "toy/passing", image=IMAGE)

        async def five_megabytes() -> None:
            await ask(pool, "toy/passing", image=IMAGE)

        async def many() -> None:
            for _ in range(50):
                await five_megabytes()

        rows += [
            await clock(Row("empty call"), 500, lambda: ask(pool, "toy/waiting", seconds=0)),
            await clock(Row("call with 5 MB in and out", 0.012), 100, five_megabytes),
            await with_ticks(Row("longest stop of the event loop meanwhile", 0.05), many),
            await clock(Row("child killed until the next job is done", 0.5), 20, lambda: kill(pool)),
            Row("cancel until stopped", None, [await cancel(pool, "toy/waiting") for _ in range(5)]),
            Row("cancel until killed (grace 500 ms)", None, [await cancel(pool, "toy/deaf") for _ in range(3)]),
        ]
    return rows


def main() -> None:
    """Measure and print."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))  # deaths are meant here
    table = Table("milliseconds", "least", "median", "most", "mark", "", title="Executor: child processes")
    for column in table.columns[1:5]:
        column.justify = "right"
    for row in anyio.run(measure):
        table.add_row(*row.cells())
    Console().print(table)


if __name__ == "__main__":
    main()

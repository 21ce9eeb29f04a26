"""What JARVIS itself costs: from a message heard to its answer posted, journal on SQLite included.

``python -m benchmarks.orchestration``: real worker, orchestrator and store; only the far ends are instant.
``python -m benchmarks.orchestration --llm``: planned and answered by a language model of a fixed speed.
"""

from __future__ import annotations

import resource
import statistics
import sys
import time

import anyio
from rich.console import Console
from rich.table import Table

from benchmarks.far import DEPTH, SHAPES, bench
from benchmarks.llm import language_model
from benchmarks.loop import watched

MARKS = {"one task": 15.0, "diamond of 6": 40.0}  # milliseconds
EXPERT_SECONDS = 0.5


async def overhead(console: Console) -> None:
    """Print what each shape costs with instant experts, and how near experts of half a second come to ideal."""
    table = Table("shape", "median ms", "p95 ms", "mark ms", "with 0.5 s experts", "over the critical path")
    for shape in SHAPES:
        async with bench(SHAPES[shape]) as quick:
            for number in range(20):  # statements are compiled, caches filled
                await quick.ask(-number - 1)
            seconds = sorted([await quick.ask(number) for number in range(100)])
        async with bench(SHAPES[shape], EXPERT_SECONDS) as slow:
            await slow.ask(-1)
            real = statistics.median([await slow.ask(number) for number in range(5)])
        ideal = DEPTH[shape] * EXPERT_SECONDS
        median, high = 1000 * statistics.median(seconds), 1000 * seconds[94]
        mark = f"{MARKS[shape]:.0f}" if shape in MARKS else "-"
        table.add_row(shape, f"{median:.1f}", f"{high:.1f}", mark, f"{real:.3f} s", f"{real / ideal - 1:+.1%}")
    console.print(table)


async def crowd(console: Console, requests: int = 500, seconds: float = 0.2) -> None:
    """Print what many requests in flight at once in this process cost."""
    took: list[float] = []
    async with bench(SHAPES["one task"], seconds, at_once=requests) as many, watched() as held:
        began = time.perf_counter()

        async def one(number: int) -> None:
            took.append(await many.ask(number))

        async with anyio.create_task_group() as group:
            for number in range(requests):
                group.start_soon(one, number)
        whole = time.perf_counter() - began
    assert len(took) == requests
    table = Table("requests in flight", "lost", "per second", "p50 s", "p95 s", "loop blocked ms", "peak memory MB")
    table.add_row(
        str(requests),
        "0",
        f"{requests / whole:.0f}",
        f"{statistics.median(took):.2f}",
        f"{sorted(took)[int(0.95 * requests)]:.2f}",
        f"{1000 * held.longest:.0f}",
        f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f}",
    )
    console.print(table)


async def main() -> None:
    """Measure and print."""
    console = Console(width=120)
    if "--llm" in sys.argv:
        await language_model(console)
        return
    await overhead(console)
    await crowd(console)


if __name__ == "__main__":
    anyio.run(main)

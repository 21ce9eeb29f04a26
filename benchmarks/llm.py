"""Requests planned and answered by a language model of a fixed speed, against what cannot be avoided."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.far import DEPTH, SHAPES, Bench, bench
from core.controllers.chat.endpoint import Endpoint
from core.controllers.openai import OpenAIController
from tests.simulators.openai import Reply, Simulator, plan, stage

MODEL_SECONDS = 0.3  # until the whole plan, or the whole answer, is there
EXPERT_SECONDS = 0.5
SLOW_PLAN_SECONDS = 2.0
ROUNDS = 5

ORIGINAL = {  # seconds, calls: measured under the same settings
    "one task": (1.45, 3),
    "chain of 3": (3.46, 5),
    "fan of 4": (1.52, 6),
    "diamond of 6": (3.45, 8),
}
MARKS = {
    "one task": (1.2, 2),
    "chain of 3": (2.2, 2),
    "fan of 4": (1.2, 2),
    "diamond of 6": (2.2, 2),
    "chat": (None, 1),
}


def scripted(shape: Sequence[Sequence[int]], seconds: float) -> Simulator:
    """Return a server whose model writes the plan of ``shape`` in so many seconds, and an answer in its time."""
    tasks = [("step", {"text": [f"<resource-{need}>" for need in needs] or ["go"]}) for needs in shape]
    written = plan(*tasks) if tasks else plan(reply="Hello! I am JARVIS, and I have models for many things.")

    def script(body: dict[str, Any]) -> Reply:
        if stage(body) == "respond":
            return Reply(text="All steps are done, by the model called sleep.", seconds=MODEL_SECONDS)
        return Reply(text=written, seconds=seconds)

    return Simulator(script)


async def language_model(console: Console) -> None:
    """Print times and calls for each shape, and where in a slow plan the first task starts.

    "In turn" is the time of a plan, the longest chain of experts and an answer, one after the other.
    """
    table = Table(
        "shape", "wall s", "mark", "original", "in turn", "first sign s", "first task s", "calls", "mark", "original"
    )
    for name, shape in {**SHAPES, "chat": []}.items():
        async with scripted(shape, MODEL_SECONDS) as server:
            walls, signs, starts = await _asked(server, shape)
        in_turn = MODEL_SECONDS + (DEPTH[name] * EXPERT_SECONDS + MODEL_SECONDS if shape else 0)
        mark, most = MARKS[name]
        was, calls_then = ORIGINAL.get(name, (None, None))
        table.add_row(
            name,
            f"{walls:.2f}",
            f"{mark:.1f}" if mark else "-",
            f"{was:.2f}" if was else "-",
            f"{in_turn:.2f}",
            f"{signs:.3f}",
            f"{starts:.2f}" if shape else "-",
            f"{len(server.served) / (ROUNDS + 1):.0f}",
            str(most),
            str(calls_then or "-"),
        )
    console.print(table)
    async with scripted(SHAPES["diamond of 6"], SLOW_PLAN_SECONDS) as server:
        _, _, start = await _asked(server, SHAPES["diamond of 6"])
    slow, part = f"{SLOW_PLAN_SECONDS:.0f} s", f"{start / SLOW_PLAN_SECONDS:.0%}"
    console.print(f"A plan of 6 tasks that streams for {slow}: the first task starts at {part} (mark 40 %).")


async def _asked(server: Simulator, shape: Sequence[Sequence[int]]) -> tuple[float, float, float]:
    """Return the median seconds to the answer, to the first sign and to the first task."""
    controller = OpenAIController(Endpoint(base_url=server.url, model="toy"))
    async with bench(shape, EXPERT_SECONDS, controller=controller) as asked:
        await _one(asked, -1)  # connections are made, abilities of the endpoint learned
        rows = [await _one(asked, number) for number in range(ROUNDS)]
    await controller.aclose()
    walls, signs, starts = zip(*rows, strict=True)
    return statistics.median(walls), statistics.median(signs), statistics.median(starts)


async def _one(asked: Bench, number: int) -> tuple[float, float, float]:
    began, name = time.perf_counter(), f"bench:{number}"
    wall = await asked.ask(number)
    return wall, asked.far.seen[name] - began, asked.far.ran.get(name, began) - began

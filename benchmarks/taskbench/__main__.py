"""Plan the requests of a benchmark file, and write the plans for any scorer of the TaskBench kind.

``python -m benchmarks.taskbench GOLD.jsonl --controller embedded --out PRED.jsonl`` reads no more than ``id`` and
``request`` of each line, and writes ``{"id", "nodes": [{"task", "arguments"}], "links"}``.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import anyio
import typer

from benchmarks.taskbench.graphs import graph, links, planner
from bot.planning import Planner
from core.controllers.embedded import EmbeddedController
from core.errors import JarvisError
from core.ports import Controller
from core.types import Json


class Who(StrEnum):
    """Who plans."""

    EMBEDDED = "embedded"
    OPENAI = "openai"


app = typer.Typer(add_completion=False)


@app.command()
def main(
    gold: Annotated[Path, typer.Argument(help="Requests, one JSON object a line.", exists=True, dir_okay=False)],
    out: Annotated[Path, typer.Option(help="Where the plans go.", dir_okay=False)],
    controller: Annotated[Who, typer.Option(help="The built-in rules, or the language model set up for the bot.")],
) -> None:
    """Plan the requests of GOLD with one controller."""
    anyio.run(_plan_all, gold, out, controller)


async def _plan_all(gold: Path, out: Path, who: Who) -> None:
    seconds: list[float] = []
    failed = 0
    async with _controller(who) as controller:
        planning = planner(controller)
        with out.open("w", encoding="utf-8") as file:
            for number, request in requests(gold):
                started = time.perf_counter()
                found = await _graph(planning, number, request)
                seconds.append(time.perf_counter() - started)
                failed += found is None
                row = {"id": number, "nodes": found or [], "links": links(found or [])}
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
    middle = 1000 * statistics.median(seconds or [0.0])
    typer.echo(f"{len(seconds)} requests planned in {sum(seconds):.1f} s, {middle:.1f} ms median, {failed} failed")


async def _graph(planning: Planner, number: object, request: str) -> list[dict[str, Json]] | None:
    """Return the nodes planned; None, told on standard error, where planning failed."""
    try:
        return await graph(planning, request)
    except JarvisError as error:
        typer.echo(f"{number}: {error.message}", err=True)
        return None


def requests(gold: Path) -> Iterator[tuple[object, str]]:
    """Yield ``id`` and ``request`` of each line: nothing else of it may help to plan."""
    with gold.open(encoding="utf-8") as file:
        for line in file:
            if line.strip():
                row = json.loads(line)
                yield row["id"], str(row["request"])


@asynccontextmanager
async def _controller(who: Who) -> AsyncIterator[Controller]:
    """Hold the controller that is measured: a language model without those that stand in when it fails."""
    if who is Who.EMBEDDED:
        yield EmbeddedController()
        return
    from bot.language import bounds, minds
    from bot.settings import read_settings
    from core.controllers.openai import OpenAIController

    settings = read_settings()
    asked = minds(settings)
    if not asked:
        raise typer.BadParameter("Set OPENAI_BASE_URL or OPENAI_API_KEY: no language model is connected.")
    controller = OpenAIController(asked[0].plans, asked[0].answers, bounds(settings))
    try:
        yield controller
    finally:
        await controller.aclose()


if __name__ == "__main__":
    app()

"""Plan the requests of a benchmark file, and write the plans for any scorer of the TaskBench kind.

``python -m benchmarks.taskbench GOLD.jsonl --controller embedded --out PRED.jsonl`` reads no more than ``id`` and
``request`` of each line, and writes ``{"id", "nodes": [{"task", "arguments"}], "links"}``.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import anyio
import typer

from benchmarks.taskbench.graphs import graph, links, planner
from core.controllers.embedded import EmbeddedController
from core.errors import JarvisError
from core.ports import Controller


class Who(StrEnum):
    """Who plans."""

    EMBEDDED = "embedded"
    OPENAI = "openai"


def main(
    gold: Annotated[Path, typer.Argument(help="Requests, one JSON object a line.", exists=True, dir_okay=False)],
    out: Annotated[Path, typer.Option(help="Where the plans go.", dir_okay=False)],
    controller: Annotated[Who, typer.Option(help="The built-in rules, or the language model set up for the bot.")],
) -> None:
    """Plan the requests of GOLD.jsonl with one controller."""
    anyio.run(_plan, gold, out, controller)


async def _plan(gold: Path, out: Path, who: Who) -> None:
    planning = planner(_controller(who))
    seconds: list[float] = []
    failed = 0
    with out.open("w", encoding="utf-8") as file:
        for number, request in requests(gold):
            started = time.perf_counter()
            try:
                found = await graph(planning, request)
            except JarvisError as error:
                failed += 1
                found = []
                print(f"{number}: {error.message}", file=sys.stderr)
            seconds.append(time.perf_counter() - started)
            file.write(json.dumps({"id": number, "nodes": found, "links": links(found)}, ensure_ascii=False) + "\n")
    middle = 1000 * statistics.median(seconds or [0.0])
    print(f"{len(seconds)} requests planned in {sum(seconds):.1f} s, {middle:.1f} ms median, {failed} failed: {out}")


def requests(gold: Path) -> Iterator[tuple[Any, str]]:
    """Yield ``id`` and ``request`` of each line: nothing else of it may help to plan."""
    with gold.open(encoding="utf-8") as file:
        for line in file:
            if line.strip():
                row = json.loads(line)
                yield row["id"], str(row["request"])


def _controller(who: Who) -> Controller:
    if who is Who.EMBEDDED:
        return EmbeddedController()
    from bot.parts import make_controller
    from bot.settings import read_settings

    settings = read_settings()
    if not (settings.openai_base_url or settings.openai_api_key.get_secret_value()):
        raise typer.BadParameter("Set OPENAI_BASE_URL or OPENAI_API_KEY: no language model is connected.")
    return make_controller(settings)


if __name__ == "__main__":
    typer.run(main)

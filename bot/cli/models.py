"""``models``: the catalogue."""

from __future__ import annotations

import json as json_
from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import AsJson

if TYPE_CHECKING:
    from rich.text import Text

    from bot.commands import Row


def models(
    task: Annotated[str | None, typer.Argument(help="Only models for this task type.", show_default=False)] = None,
    json: AsJson = False,
) -> None:
    """List the models for each task: where they run, what they are, and why some cannot run here."""
    from bot.cli.prepare import prepare
    from bot.commands import models as rows_of
    from bot.commands import without_models
    from bot.parts import make_executor
    from core.registry import Registry

    settings, registry = prepare(), Registry.discover()
    rows = rows_of(registry, make_executor(settings, registry).offers(), task)
    if json:
        typer.echo(json_.dumps([asdict(row) for row in rows], ensure_ascii=False))
        return
    _print(rows, [] if task and rows else [task] if task else without_models(registry, rows))


def _print(rows: list[Row], without: list[str]) -> None:
    """Print the models below their tasks, and the tasks that have none."""
    from rich.console import Console
    from rich.padding import Padding
    from rich.text import Text

    console = Console(highlight=False)
    for task, models in groupby(rows, key=lambda row: row.task):
        console.print(Text(task, style="bold"))
        for row in models:
            console.print(Padding(_line(row), (0, 0, 0, 2)))
            console.print(Padding(Text(row.about, style="dim"), (0, 0, 0, 4)))
    if without:
        console.print(Text(f"No model yet for: {', '.join(without)}", style="dim"))


def _line(row: Row) -> Text:
    """Return what is known about a model; what nobody knows is left out."""
    from rich.text import Text

    from adapters.terminal.format import size

    facts = [
        row.place,
        row.licence,
        size(row.size) if row.size is not None else "",
        f"{row.downloads:,} downloads" if row.downloads is not None else "",
    ]
    known = ", ".join(fact for fact in facts if fact)
    state = ("ready", "green") if row.available else (row.why_not, "yellow")
    return Text.assemble((row.id, "cyan"), "  ", state, f"  {known}")

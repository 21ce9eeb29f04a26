"""``models``: the catalogue."""

from __future__ import annotations

import json as json_
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import AsJson

if TYPE_CHECKING:
    from bot.commands import Row


def models(
    task: Annotated[str | None, typer.Argument(help="Only models for this task type.", show_default=False)] = None,
    json: AsJson = False,
) -> None:
    """List the models for each task: where they run, what they are, and why some cannot run here."""
    from bot.cli.prepare import prepare
    from bot.commands import models as rows_of
    from bot.commands import without_models
    from bot.executors import Executors, make_registry

    settings, registry = prepare(), make_registry()
    rows = rows_of(registry, Executors(settings, registry).offers(), task)
    if json:
        typer.echo(json_.dumps([asdict(row) for row in rows], ensure_ascii=False))
        return
    without = [] if task and rows else [task] if task else without_models(registry, rows)
    _print(rows, without, full=task is not None)


def _print(rows: list[Row], without: list[str], *, full: bool) -> None:
    """Print the models below their tasks, and the tasks that have none."""
    from rich.console import Console
    from rich.text import Text

    from bot.cli.catalogue import listed

    console = Console(highlight=False)
    for line in listed(rows, full=full):
        console.print(line, soft_wrap=True)
    if without:
        console.print(Text(f"No model yet for: {', '.join(without)}", style="dim"))

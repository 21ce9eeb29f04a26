"""``models``: the catalogue."""

from __future__ import annotations

import json as json_
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.options import AsJson

if TYPE_CHECKING:
    from rich.table import Table

    from bot.commands import Row


def models(
    task: Annotated[str | None, typer.Argument(help="Only models for this task type.", show_default=False)] = None,
    json: AsJson = False,
) -> None:
    """List the models for each task: where they run, what they are, and why some cannot run here."""
    from bot.cli.prepare import prepare
    from bot.commands import models as rows_of
    from bot.commands import without_models
    from core.executors.pool import Pool
    from core.registry import Registry

    settings, registry = prepare(), Registry.discover()
    rows = rows_of(registry, Pool(registry, slots=settings.cpu_workers).offers(), task)
    if json:
        typer.echo(json_.dumps([asdict(row) for row in rows], ensure_ascii=False))
        return
    _print(_table(rows), [task] if task and not rows else [] if task else without_models(registry, rows))


def _print(table: Table, without: list[str]) -> None:
    from rich.console import Console

    console = Console()
    if table.row_count:
        console.print(table)
    if without:
        console.print(f"No model yet for: {', '.join(without)}", style="dim", highlight=False)


def _table(rows: list[Row]) -> Table:
    from rich.table import Table

    from adapters.terminal.format import size

    table = Table("task", "model", "place", "size", "downloads", "licence", "", "about", box=None, header_style="bold")
    for row in rows:
        downloads = "?" if row.downloads is None else f"{row.downloads:,}"
        ready = "[green]ready[/]" if row.available else f"[yellow]{row.why_not}[/]"
        table.add_row(row.task, row.id, row.place, size(row.size), downloads, row.licence or "?", ready, row.about)
    return table

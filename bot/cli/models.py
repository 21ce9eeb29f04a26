"""``models``: the catalogue."""

from __future__ import annotations

import json as json_
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Annotated

import anyio
import typer

from bot.cli.options import AsJson, Scope

if TYPE_CHECKING:
    from bot.commands import Outlook, Row
    from bot.settings import Settings


def models(
    task: Annotated[str | None, typer.Argument(help="Only models for this task type.", show_default=False)] = None,
    json: AsJson = False,
    scope: Scope = "",
) -> None:
    """List the models for each task, the first choice first: where they run, what they are, why some cannot run here.

    For one task it also tells why each would be chosen, and how it did here.
    """
    from bot.cli.prepare import prepare
    from bot.commands import known_task, without_models
    from bot.commands import models as rows_of
    from bot.executors import Executors, make_registry

    settings, registry = prepare(), make_registry()
    if task is not None:
        known_task(registry, task)
    outlook = anyio.run(partial(_outlook, settings, scope))
    rows = rows_of(registry, Executors(settings, registry).offers(), task, outlook)
    if json:
        typer.echo(json_.dumps([asdict(row) for row in rows], ensure_ascii=False))
        return
    without = [] if task and rows else [task] if task else without_models(registry, rows)
    _print(rows, without, full=task is not None)


async def _outlook(settings: Settings, scope: str) -> Outlook:
    from bot.cli.stored import opened
    from bot.commands import Outlook
    from core.figures import Figures

    wider = [scope.rsplit("/", cut)[0] for cut in range(scope.count("/") + 1)] if scope else []
    figures = Figures()
    async with opened(settings) as store:
        figures.learn(await store.ledger.read())
        mode = await store.modes.get(*wider, "") or settings.mode
        policy = settings.policy.under(await store.rules.read(*wider, ""))
    return Outlook(mode=mode, policy=policy, figures=figures)


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

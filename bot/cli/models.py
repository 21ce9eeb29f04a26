"""``models``: the catalogue."""

from __future__ import annotations

import json as json_
from collections.abc import Mapping
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Annotated

import anyio
import typer

from bot.cli.options import AsJson, Scope

if TYPE_CHECKING:
    from bot.commands import Outlook, Row
    from bot.executors import Executors
    from bot.settings import Settings
    from core.ports import Find, Offer


def models(
    task: Annotated[str | None, typer.Argument(help="Only models for this task type.", show_default=False)] = None,
    json: AsJson = False,
    scope: Scope = "",
    places: Annotated[bool, typer.Option("--places", help="Only count them, task by place, as Markdown.")] = False,
    refresh: Annotated[bool, typer.Option("--refresh", help="Ask the Hub for new models and figures first.")] = False,
) -> None:
    """List the models for each task, the first choice first: where they run, what they are, why some cannot run here.

    For one task it also tells why each would be chosen, and how it did here.
    """
    from bot.cli.prepare import prepare
    from bot.commands import known_task, without_models
    from bot.commands import models as rows_of
    from bot.executors import Executors, make_registry

    settings = prepare()
    if places:
        from bot.place_table import table_of

        typer.echo(table_of(make_registry()))
        return
    if task is not None:
        known_task(make_registry(), task)
    if refresh:
        anyio.run(_refresh, settings)
    finds, outlook = anyio.run(partial(_stored, settings, scope))
    registry = make_registry(finds)
    rows = rows_of(registry, anyio.run(_offers, Executors(settings, registry)), task, outlook)
    if json:
        typer.echo(json_.dumps([asdict(row) for row in rows], ensure_ascii=False))
        return
    without = [] if task and rows else [task] if task else without_models(registry, rows)
    _print(rows, without, full=task is not None)


async def _offers(executors: Executors) -> list[Offer]:
    """Return what can run; model servers are asked what they serve."""
    if executors.hosted is not None and executors.hosted.servers:
        async with executors.hosted:
            await executors.hosted.ask_servers()
            return executors.offers()
    return executors.offers()


async def _refresh(settings: Settings) -> None:
    """Ask the Hub, and say on standard error how far that is."""
    from bot.cli.stored import opened
    from bot.refreshing import refresh
    from core.amounts import counted

    async with opened(settings) as store:
        async for task, find in refresh(settings, store.finds):
            typer.echo(f"{task}: the Hub told of {counted(len(find.models), 'model')}", err=True)


async def _stored(settings: Settings, scope: str) -> tuple[Mapping[str, Find], Outlook]:
    """Return what the store knows of models, and what selection goes by in a scope."""
    from bot.cli.stored import opened
    from bot.commands import Outlook
    from core.figures import Figures

    wider = [scope.rsplit("/", cut)[0] for cut in range(scope.count("/") + 1)] if scope else []
    figures = Figures()
    async with opened(settings) as store:
        figures.learn(await store.ledger.read())
        mode = await store.modes.get(*wider, "") or settings.mode
        policy = settings.policy.under(await store.rules.read(*wider, ""))
        finds = await store.finds.read()
    return finds, Outlook(mode=mode, policy=policy, figures=figures)


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

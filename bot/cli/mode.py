"""``mode``: where tasks may run."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated

import anyio
import typer

from bot.cli.options import Scope

if TYPE_CHECKING:
    from bot.settings import Settings
    from core.types import Mode


def mode(
    name: Annotated[
        str | None,
        typer.Argument(metavar="[local|remote|hybrid]", help="The mode from now on.", show_default=False),
    ] = None,
    scope: Scope = "",
) -> None:
    """Show or set where tasks may run.

    local: models on this machine. remote: hosted models. hybrid: whichever has the model, local first. Models that
    are part of the installation serve in every mode. Requests under way keep the mode they began with.
    """
    from bot.cli.prepare import prepare

    typer.echo(anyio.run(partial(_mode, prepare(), name, scope)))


async def _mode(settings: Settings, name: str | None, scope: str) -> str:
    from bot.cli.stored import BY, decider, opened
    from bot.commands import show_mode
    from bot.deciding import scopes_within

    scopes = scopes_within(scope)
    async with opened(settings) as store:
        if name is None:
            said = await show_mode(store.modes, *scopes, default=settings.mode)
        else:
            said = await decider(settings, store).mode(scope, name, by=BY)
        return " ".join([said, *_missing(settings, await store.modes.get(*scopes) or settings.mode)])


def _missing(settings: Settings, mode: Mode) -> list[str]:
    """Return which places of a mode are not set up here, and what stands in."""
    from bot.building import absent, missing
    from bot.executors import places_set_up

    there = places_set_up(settings)
    return missing(mode, there, absent(settings, there).__getitem__)

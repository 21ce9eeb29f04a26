"""``bylaws``: who may ask, how much, what is shown, how long it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Annotated

import anyio
import typer

from bot.cli.options import Scope

if TYPE_CHECKING:
    from bot.settings import Settings
    from core.bylaws import Bylaw


def bylaws(
    decide: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME=VALUE] ...", help="What to decide.", show_default=False)
    ] = None,
    scope: Scope = "",
) -> None:
    """Show or set who may ask, how much in a day, when a plan asks first, what is shown and how long all is kept.

    channels, roles and blocked are lists of ids: NAME=+ID adds one, NAME=-ID takes one out. requests-per-person,
    requests-per-channel, seconds-per-person, dollars-per-person, approve-seconds, approve-dollars and retention-days
    are numbers, 0 for no limit. safety is strict, blur or off. NAME= leaves it to the wider scope. A channel goes
    before its workspace, that before the platform; no scope allows more than the settings do.
    """
    from bot.cli.prepare import prepare

    for line in anyio.run(partial(_bylaws, prepare(), decide or (), scope)):
        typer.echo(line)


async def _bylaws(settings: Settings, told: Sequence[str], scope: str) -> list[str]:
    from bot.cli.stored import BY, decider, opened
    from bot.deciding import scopes_within
    from bot.holding import lines

    wanted = [_read(one) for one in told]
    async with opened(settings) as store:
        if wanted:
            decide = decider(settings, store).bylaw
            return [await decide(scope, bylaw, value, by=BY) for bylaw, value in wanted]
        return lines(await store.bylaws.read(*scopes_within(scope)), settings.charter)


def _read(told: str) -> tuple[Bylaw, str]:
    """Return what "NAME=VALUE" says. Raises BadInput."""
    from core.bylaws import bylaw_named
    from core.errors import BadInput

    name, sign, value = told.partition("=")
    if not sign:
        raise BadInput(f"“{told}” should be NAME=VALUE, such as requests-per-person=20.")
    return bylaw_named(name), value

"""``mode``: where tasks may run."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated

import anyio
import typer

if TYPE_CHECKING:
    from bot.settings import Settings


def mode(
    name: Annotated[
        str | None,
        typer.Argument(metavar="[local|remote|hybrid]", help="The mode from now on.", show_default=False),
    ] = None,
    scope: Annotated[
        str,
        typer.Option(help="Only for PLATFORM, PLATFORM/WORKSPACE or PLATFORM/WORKSPACE/CHANNEL.", show_default=False),
    ] = "",
) -> None:
    """Show or set where tasks may run.

    local: models on this machine. remote: hosted models. hybrid: whichever has the model, local first. Models that
    are part of the installation serve in every mode. Requests under way keep the mode they began with.
    """
    from bot.cli.prepare import prepare

    typer.echo(anyio.run(partial(_mode, prepare(), name, scope)))


async def _mode(settings: Settings, name: str | None, scope: str) -> str:
    from bot.commands import EVERYWHERE, set_mode, show_mode
    from migrations import upgrade
    from storage.engine import open_engine
    from storage.store import Store

    await upgrade(settings.database)
    store = Store(open_engine(settings.database))
    try:
        if name is not None:
            return await set_mode(store.modes, scope, name, by="the command line")
        return await show_mode(store.modes, scope, EVERYWHERE, default=settings.mode)
    finally:
        await store.close()

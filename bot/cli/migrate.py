"""``migrate``: the database on the newest version."""

from __future__ import annotations

from functools import partial

import anyio
import typer


def migrate() -> None:
    """Bring the database up to date, making it where there is none.

    serve, ask and chat do this by themselves; a release that runs several processes does it once, before they start.
    """
    from bot.cli.prepare import prepare
    from migrations import head, upgrade

    changed = anyio.run(partial(upgrade, prepare().database))
    typer.echo(f"The database is {'now' if changed else 'already'} at version {head()}, the newest.")

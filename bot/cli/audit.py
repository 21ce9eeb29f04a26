"""``audit``: what admins changed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated

import anyio
import typer

from bot.cli.options import Scope

if TYPE_CHECKING:
    from bot.settings import Settings


def audit(
    scope: Scope = "",
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="So many of the newest.")] = 20,
) -> None:
    """Show what admins changed, the newest first: modes, rules about models, bylaws."""
    from bot.cli.prepare import prepare

    for line in anyio.run(partial(_audit, prepare(), scope, limit)):
        typer.echo(line)


async def _audit(settings: Settings, scope: str, limit: int) -> list[str]:
    from bot.cli.stored import opened
    from bot.holding import change_line

    async with opened(settings) as store:
        found = await store.audit.read(*([scope] if scope else []), limit=limit)
    return [change_line(change) for change in found] or ["Nothing was changed yet."]

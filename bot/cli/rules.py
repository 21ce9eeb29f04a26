"""``rules``: what admins decide about models."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Annotated

import anyio
import typer

from bot.cli.options import Scope

if TYPE_CHECKING:
    from bot.settings import Settings
    from core.registry import Registry
    from core.rules import Rule

Subjects = Annotated[
    list[str] | None, typer.Option(metavar="WHAT", help="A model's id, author:NAME, licence:NAME or task:NAME.")
]


def rules(
    deny: Subjects = None,
    allow: Subjects = None,
    clear: Subjects = None,
    prefer: Annotated[
        list[str] | None, typer.Option(metavar="TASK=MODEL", help="Put a model first; TASK= takes that back.")
    ] = None,
    pin: Annotated[
        list[str] | None, typer.Option(metavar="MODEL=REVISION", help="Use this version only; MODEL= takes that back.")
    ] = None,
    scope: Scope = "",
) -> None:
    """Show or set which models are denied, allowed, preferred and pinned.

    What is said of a model's id goes before what is said of its author, that before its licence, that before its task;
    a channel goes before its workspace, that before the platform. What the settings deny stays denied. Models that are
    gated, come as pickles or bring code of their own come to this machine only where their id is allowed.
    """
    from bot.cli.prepare import prepare
    from bot.commands import pin_rule, preference_rule, use_rule
    from core.rules import ALLOW, DENY

    def wanted(registry: Registry) -> list[Rule]:
        return [
            *(use_rule(registry, one, DENY, scope) for one in deny or ()),
            *(use_rule(registry, one, ALLOW, scope) for one in allow or ()),
            *(use_rule(registry, one, "", scope) for one in clear or ()),
            *(preference_rule(registry, one, scope) for one in prefer or ()),
            *(pin_rule(one, scope) for one in pin or ()),
        ]

    for line in anyio.run(partial(_rules, prepare(), wanted, scope)):
        typer.echo(line)


async def _rules(settings: Settings, read: Callable[[Registry], list[Rule]], scope: str) -> list[str]:
    from bot.cli.stored import BY, decider, opened
    from bot.commands import show_rules
    from bot.executors import make_registry
    from bot.servers import servers_of

    async with opened(settings) as store:
        registry = make_registry(await store.finds.read())
        registry.servers = frozenset(server.name for server in servers_of(settings))
        wanted = read(registry)
        if wanted:
            return [await decider(settings, store).rule(rule, by=BY) for rule in wanted]
        return await show_rules(store.rules, *([scope] if scope else []))

"""What admins see and decide, for every platform that words its commands with it."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from bot import commands, holding
from bot.building import Building
from bot.deciding import Decider
from bot.leaving import Leaving
from core.amounts import counted
from core.bylaws import Bylaw, Charter
from core.errors import NotAvailable
from core.ports import Audit, Bylaws, Modes, Rules, Spending
from core.registry import Registry
from core.rules import DENY
from core.spending import DAY
from core.types import Mode

MONTH = 30 * DAY

NAMED = 5
"""People who asked most, by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Administration:
    """One installation's. An instance is an ``adapters.concierge.Administration``."""

    rules: Rules
    modes: Modes
    bylaws: Bylaws
    audits: Audit
    spending: Spending
    registry: Registry
    mode: Mode  # where nobody set another
    settings: Charter = field(default_factory=Charter)  # what holds where nobody decided otherwise
    building: Building | None = None  # None: nothing is known of the executors
    leaving: Leaving | None = None  # None: workspaces are not forgotten here

    async def show_mode(self, *scopes: str) -> str:
        said = await commands.show_mode(self.modes, *scopes, default=self.mode)
        if self.building is None:
            return said
        return f"{said} {self.building.effect(await self.modes.get(*scopes) or self.mode)}"

    async def set_mode(self, scope: str, mode: str, *, by: str) -> str:
        said = await self._decider.mode(scope, mode, by=by)
        return f"{said} {self.building.effect(commands.mode_named(mode))}" if self.building else said

    async def show_rules(self, *scopes: str) -> Sequence[str]:
        return await commands.show_rules(self.rules, *scopes)

    async def deny(self, subject: str, *, scope: str, by: str) -> str:
        rule = commands.use_rule(self.registry, subject, DENY, scope)
        return await self._decider.rule(rule, by=by)

    async def undo(self, subject: str, *, scope: str, by: str) -> str:
        rule = commands.use_rule(self.registry, subject, "", scope)
        return await self._decider.rule(rule, by=by)

    async def prefer(self, told: str, *, scope: str, by: str) -> str:
        rule = commands.preference_rule(self.registry, told, scope)
        return await self._decider.rule(rule, by=by)

    def subjects(self, typed: str, *, preferences: bool = False) -> Sequence[str]:
        cards = self.registry.cards
        named = {f"{card.type.name}={card.model.id}" if preferences else card.model.id for card in cards}
        return sorted(name for name in named if typed.strip().lower() in name.lower())

    async def show_bylaws(self, *scopes: str, bylaws: Collection[Bylaw] = tuple(Bylaw)) -> Sequence[str]:
        return holding.lines(await self.bylaws.read(*(scopes or ("",))), self.settings, bylaws)

    async def set_bylaw(self, scope: str, bylaw: Bylaw, value: str, *, by: str) -> str:
        return await self._decider.bylaw(scope, bylaw, value, by=by)

    async def overview(self, *scopes: str) -> Sequence[str]:
        mode = await self.show_mode(*scopes)
        return [mode, *(await self.building.lines() if self.building else ())]

    async def spent(self, *scopes: str) -> Sequence[str]:
        scope, now = next(iter(scopes), ""), time.time()
        times = {"day": now - DAY, "30 days": now - MONTH}
        said = [holding.spent_line(when, await self.spending.total(scope, since=at)) for when, at in times.items()]
        most = await self.spending.most(scope, since=now - MONTH, limit=NAMED)
        named = ", ".join(f"{one.person} ({counted(one.requests, 'request')})" for one in most)
        return [*said, f"Who asked most in the last 30 days: {named}."] if named else said

    async def audit(self, *scopes: str, limit: int = 20) -> Sequence[str]:
        found = await self.audits.read(*scopes, limit=limit)
        return [holding.change_line(change) for change in found] or ["Nothing was changed yet."]

    async def forget_workspace(self, platform: str, workspace: str) -> str:
        if self.leaving is None:
            raise NotAvailable("Workspaces are not forgotten here.")
        return await self.leaving.forget(platform, workspace)

    @property
    def _decider(self) -> Decider:
        return Decider(
            modes=self.modes, rules=self.rules, bylaws=self.bylaws, audit=self.audits, settings=self.settings
        )

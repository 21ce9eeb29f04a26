"""What admins see and decide, for every platform that words its commands with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot import commands
from core.ports import Modes, Rules
from core.registry import Registry
from core.rules import DENY
from core.types import Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class Administration:
    """One installation's. An instance is an ``adapters.concierge.Administration``."""

    rules: Rules
    modes: Modes
    registry: Registry
    mode: Mode  # where nobody set another

    async def show_mode(self, *scopes: str) -> str:
        return await commands.show_mode(self.modes, *scopes, default=self.mode)

    async def set_mode(self, scope: str, mode: str, *, by: str) -> str:
        return await commands.set_mode(self.modes, scope, mode, by=by)

    async def show_rules(self, *scopes: str) -> Sequence[str]:
        return await commands.show_rules(self.rules, *scopes)

    async def deny(self, subject: str, *, scope: str, by: str) -> str:
        rule = commands.use_rule(self.registry, subject, DENY, scope)
        return await commands.set_rule(self.rules, rule, by=by)

    async def undo(self, subject: str, *, scope: str, by: str) -> str:
        rule = commands.use_rule(self.registry, subject, "", scope)
        return await commands.set_rule(self.rules, rule, by=by)

    async def prefer(self, told: str, *, scope: str, by: str) -> str:
        rule = commands.preference_rule(self.registry, told, scope)
        return await commands.set_rule(self.rules, rule, by=by)

    def subjects(self, typed: str, *, preferences: bool = False) -> Sequence[str]:
        cards = self.registry.cards
        named = {f"{card.type.name}={card.model.id}" if preferences else card.model.id for card in cards}
        return sorted(name for name in named if typed.strip().lower() in name.lower())

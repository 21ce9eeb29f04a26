"""What admins change, from whichever platform or the command line; each change is taken down before it holds."""

from __future__ import annotations

import time
from dataclasses import dataclass

from bot import commands
from bot.holding import line_of
from core.audit import Change
from core.bylaws import Bylaw, Charter, decided, ruling
from core.ports import Audit, Bylaws, Modes, Rules
from core.rules import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Decider:
    """Changes what the store knows of admins' decisions. Every method says what holds from then on."""

    modes: Modes
    rules: Rules
    bylaws: Bylaws
    audit: Audit
    settings: Charter

    async def mode(self, scope: str, word: str, *, by: str) -> str:
        """Set the mode of a scope. Raises BadInput where ``word`` names none."""
        mode = commands.mode_named(word)
        await self._note(scope, "mode", await self.modes.get(scope) or "", mode, by)
        return await commands.set_mode(self.modes, scope, mode, by=by)

    async def rule(self, rule: Rule, *, by: str) -> str:
        """Set a rule about models."""
        same = [one.value for one in await self.rules.read(rule.scope) if (one.topic, one.name) == _about(rule)]
        await self._note(rule.scope, f"{rule.topic} {rule.name}", "".join(same), rule.value, by)
        return await commands.set_rule(self.rules, rule, by=by)

    async def bylaw(self, scope: str, bylaw: Bylaw, told: str, *, by: str) -> str:
        """Decide something about a scope, or with an empty value leave it to the wider one. Raises BadInput."""
        before = decided(await self.bylaws.read(scope), bylaw)
        now = before.value if before else ""
        decision = ruling(bylaw, told, scope=scope, now=now, settings=self.settings)
        await self._note(scope, bylaw, now, decision.value, by)
        await self.bylaws.set(decision, by=by)
        holds = line_of(bylaw, await self.bylaws.read(*scopes_within(scope)), self.settings)
        return f"{holds} This holds from the next request on."

    async def _note(self, scope: str, what: str, old: str, new: str, by: str) -> None:
        if old != new:
            await self.audit.note(Change(at=time.time(), by=by, scope=scope, what=what, old=old, new=new))


def scopes_within(scope: str) -> tuple[str, ...]:
    """Return a scope and the wider ones around it, as ``Origin.scopes`` has them."""
    parts = scope.split("/", 2) if scope else []
    return (*("/".join(parts[:count]) for count in range(len(parts), 0, -1)), "")


def _about(rule: Rule) -> tuple[str, str]:
    return rule.topic, rule.name

"""What admins decided, and who changed what."""

from __future__ import annotations

from core.audit import Change, covers
from core.bylaws import Decision
from core.rules import Rule
from core.types import Mode
from storage import bylaws
from storage.memory.tables import Tables
from storage.rules import in_order


class MemoryModes:
    """Fulfils core.ports.Modes."""

    def __init__(self, tables: Tables) -> None:
        self._modes = tables.modes

    async def get(self, *scopes: str) -> Mode | None:
        return next((self._modes[scope] for scope in scopes if scope in self._modes), None)

    async def set(self, scope: str, mode: Mode | None, *, by: str) -> None:
        if mode is None:
            self._modes.pop(scope, None)
        else:
            self._modes[scope] = mode


class MemoryRules:
    """Fulfils core.ports.Rules."""

    def __init__(self, tables: Tables) -> None:
        self._rules = tables.rules

    async def read(self, *scopes: str) -> list[Rule]:
        return in_order(self._rules.values(), scopes)

    async def set(self, rule: Rule, *, by: str) -> None:
        self._rules.pop(key := (rule.scope, rule.topic, rule.name), None)
        if rule.value:
            self._rules[key] = rule


class MemoryBylaws:
    """Fulfils core.ports.Bylaws."""

    def __init__(self, tables: Tables) -> None:
        self._bylaws = tables.bylaws

    async def read(self, *scopes: str) -> list[Decision]:
        return bylaws.in_order(self._bylaws.values(), scopes)

    async def set(self, decision: Decision, *, by: str) -> None:
        self._bylaws.pop(key := (decision.scope, decision.bylaw), None)
        if decision.value:
            self._bylaws[key] = decision


class MemoryAudit:
    """Fulfils core.ports.Audit."""

    def __init__(self, tables: Tables) -> None:
        self._changes = tables.changes

    async def note(self, change: Change) -> None:
        self._changes.append(change)

    async def read(self, *scopes: str, limit: int = 20) -> list[Change]:
        return [change for change in reversed(self._changes) if covers(scopes, change.scope)][:limit]

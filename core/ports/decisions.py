"""What admins decide, and who changed what."""

from __future__ import annotations

from typing import Protocol

from core.audit import Change
from core.bylaws import Decision
from core.rules import Rule
from core.types import Mode


class Modes(Protocol):
    """The inference mode of each place people talk in."""

    async def get(self, *scopes: str) -> Mode | None:
        """Return the mode of the first scope that has one (most particular first)."""
        ...

    async def set(self, scope: str, mode: Mode | None, *, by: str) -> None:
        """Set a scope's mode, or with None let it follow the wider scope again."""
        ...


class Rules(Protocol):
    """What admins decided about models."""

    async def read(self, *scopes: str) -> list[Rule]:
        """Return the rules of these scopes, the first scope's first; without scopes, all there are."""
        ...

    async def set(self, rule: Rule, *, by: str) -> None:
        """Store a rule; one about the same in the same scope is replaced, and with an empty value taken back."""
        ...


class Bylaws(Protocol):
    """What admins decided about places besides their models."""

    async def read(self, *scopes: str) -> list[Decision]:
        """Return the decisions for these scopes, the first scope's first; without scopes, all there are."""
        ...

    async def set(self, decision: Decision, *, by: str) -> None:
        """Store a decision: one about the same in the same scope is replaced, and with an empty value taken back."""
        ...


class Audit(Protocol):
    """What admins changed: it is only ever added to."""

    async def note(self, change: Change) -> None:
        """Write a change."""
        ...

    async def read(self, *scopes: str, limit: int = 20) -> list[Change]:
        """Return the newest changes in these scopes, and in the channels of a workspace among them, newest first.

        Without scopes, those everywhere.
        """
        ...

"""What was asked, and what it cost."""

from __future__ import annotations

from typing import Protocol

from core.spending import Costs, Expense, Total
from core.types import Origin, Request


class Spending(Protocol):
    """What was asked and what it cost.

    Each request counts from its acceptance on, and goes on counting when its author is forgotten.
    """

    async def note(self, request: Request, costs: Costs) -> None:
        """Write what a request has cost; again replaces."""
        ...

    async def of(self, platform: str, author: str, *, since: float) -> list[Expense]:
        """Return a person's requests after ``since`` (Unix seconds), newest first; not more than 10,000."""
        ...

    async def nth(self, origin: Origin, number: int, *, since: float) -> float | None:
        """Return when the ``number``-th newest request of a channel was accepted; None where there are fewer."""
        ...

    async def total(self, scope: str, *, since: float) -> Total:
        """Add up what was asked in a scope."""
        ...

    async def most(self, scope: str, *, since: float, limit: int = 5) -> list[Total]:
        """Return the people who asked most in a scope, each with a total; those who are forgotten are left out."""
        ...

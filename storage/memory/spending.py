"""What was asked and spent."""

from __future__ import annotations

from collections.abc import Collection

from core.spending import Costs, Expense, Total, who
from core.types import Origin, Request
from storage.memory.tables import Spent, Tables
from storage.spending import MOST, place_of


class MemorySpending:
    """Fulfils core.ports.Spending."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def note(self, request: Request, costs: Costs) -> None:
        self._tables.expense(request).costs = costs

    async def of(self, platform: str, author: str, *, since: float) -> list[Expense]:
        theirs = [one for one in self._newest("", since) if one.who == who(platform, author)]
        return [
            Expense(
                at=one.at,
                workspace=one.origin.workspace,
                channel=one.origin.channel,
                costs=one.costs,
            )
            for one in theirs[:MOST]
        ]

    async def nth(self, origin: Origin, number: int, *, since: float) -> float | None:
        there = self._newest("/".join(place_of(origin)), since)
        return there[number - 1].at if len(there) >= number else None

    async def total(self, scope: str, *, since: float) -> Total:
        return _total(self._newest(scope, since))

    async def most(self, scope: str, *, since: float, limit: int = 5) -> list[Total]:
        people: dict[tuple[str, str], list[Spent]] = {}
        for one in self._newest(scope, since):
            if one.person:
                people.setdefault((place_of(one.origin)[0], one.person), []).append(one)
        totals = [_total(theirs, person) for (_, person), theirs in people.items()]
        return sorted(totals, key=lambda total: (-total.requests, total.person))[:limit]

    def _newest(self, scope: str, since: float) -> list[Spent]:
        there = [one for one in self._tables.spent.values() if one.within(scope, since)]
        return sorted(there, key=lambda one: -one.at)


def _total(rows: Collection[Spent], person: str = "") -> Total:
    costs = Costs(
        tasks=sum(row.costs.tasks for row in rows),
        device_seconds=sum(row.costs.device_seconds for row in rows),
        remote_seconds=sum(row.costs.remote_seconds for row in rows),
        dollars=sum(row.costs.dollars for row in rows),
    )
    return Total(requests=len(rows), costs=costs, person=person)

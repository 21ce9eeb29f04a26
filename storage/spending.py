"""What was asked and what it cost, in SQL."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite

from core.spending import NOTHING, Costs, Expense, Total, who
from core.types import Origin, Request
from storage.database import Database
from storage.tables import spent

MOST = 10_000
"""Requests of a person that are looked at."""

_COSTS = ("tasks", "device_seconds", "remote_seconds", "dollars")
_OF = (
    select(spent)
    .where(spent.c.who == bindparam("of"), spent.c.at > bindparam("since"))
    .order_by(spent.c.at.desc())
    .limit(MOST)
)
_NTH = (
    select(spent.c.at)
    .where(
        spent.c.platform == bindparam("of_platform"),
        spent.c.workspace == bindparam("of_workspace"),
        spent.c.channel == bindparam("of_channel"),
        spent.c.at > bindparam("since"),
    )
    .order_by(spent.c.at.desc())
    .limit(1)
    .offset(bindparam("before"))
)
_SUMS = (func.count().label("requests"), *(func.coalesce(func.sum(spent.c[name]), 0).label(name) for name in _COSTS))


class SqlSpending:
    """Fulfils core.ports.Spending."""

    def __init__(self, database: Database) -> None:
        self._database = database
        statement = database.insert(spent)
        again = {name: statement.excluded[name] for name in _COSTS}
        self._note = statement.on_conflict_do_update(index_elements=["request"], set_=again)

    async def note(self, request: Request, costs: Costs) -> None:
        await self._database.write(self._note, expense_row(request, costs))

    async def of(self, platform: str, author: str, *, since: float) -> list[Expense]:
        rows = await self._database.read(_OF, {"of": who(platform, author), "since": since})
        return [Expense(at=row.at, workspace=row.workspace, channel=row.channel, costs=_costs(row)) for row in rows]

    async def nth(self, origin: Origin, number: int, *, since: float) -> float | None:
        platform, workspace, channel = place_of(origin)
        of = {"of_platform": platform, "of_workspace": workspace, "of_channel": channel}
        rows = await self._database.read(_NTH, {**of, "since": since, "before": number - 1})
        return float(rows[0].at) if rows else None

    async def total(self, scope: str, *, since: float) -> Total:
        rows = await self._database.read(select(*_SUMS).where(*within(scope), spent.c.at > since))
        return Total(requests=rows[0].requests, costs=_costs(rows[0]))

    async def most(self, scope: str, *, since: float, limit: int = 5) -> list[Total]:
        whose = select(spent.c.person, *_SUMS).where(*within(scope), spent.c.at > since, spent.c.person != "")
        order = (func.count().desc(), spent.c.person)
        rows = await self._database.read(whose.group_by(spent.c.person, spent.c.platform).order_by(*order).limit(limit))
        return [Total(requests=row.requests, costs=_costs(row), person=row.person) for row in rows]


def first_expense(database: Database) -> postgresql.Insert | sqlite.Insert:
    """Return the statement that writes a request's row at its acceptance."""
    return database.insert(spent).on_conflict_do_nothing()


def expense_row(request: Request, costs: Costs = NOTHING) -> dict[str, object]:
    """Return the columns of a request's row."""
    platform, workspace, channel = place_of(request.origin)
    return {
        "request": request.id,
        "platform": platform,
        "workspace": workspace,
        "channel": channel,
        "person": request.author.id,
        "who": who(platform, request.author.id),
        "at": request.accepted_at,
        **{name: getattr(costs, name) for name in _COSTS},
    }


def place_of(origin: Origin) -> tuple[str, str, str]:
    """Return the platform, workspace and channel that a request counts in: all terminals are one platform."""
    return origin.platform.partition("-")[0], origin.workspace, origin.channel


def within(scope: str) -> list[ColumnElement[bool]]:
    """Return the conditions that a row lies in a scope."""
    names = scope.split("/", 2) if scope else []
    columns = (spent.c.platform, spent.c.workspace, spent.c.channel)
    return [column == name for column, name in zip(columns, names, strict=False)]


def _costs(row: Row[Any]) -> Costs:
    return Costs(
        tasks=int(row.tasks),
        device_seconds=float(row.device_seconds),
        remote_seconds=float(row.remote_seconds),
        dollars=float(row.dollars),
    )

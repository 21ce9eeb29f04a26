"""The inbox in SQL: what came in, who works on it, and whose turn it is."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping

from sqlalchemy import (
    BindParameter,
    Column,
    Double,
    ScalarSelect,
    Update,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    update,
)

from core.errors import Busy
from core.ports import Claim
from core.turns import Open, Queue, queue_of
from core.types import Request
from storage.database import Database
from storage.held import Holders, by_request
from storage.payloads import files_in, first_turn, owner_of, pack, unpack
from storage.spending import expense_row, first_expense
from storage.tables import requests
from storage.turns import turn_row, upsert_turn

FULL = "Too many requests are waiting already. Please try again in a little while."


class SqlInbox:
    """Fulfils core.ports.Inbox. At most ``backlog`` requests wait to be claimed.

    Leases are compared with this machine's clock: machines that share a database must agree on the time to within a
    fraction of a lease.
    """

    def __init__(self, database: Database, backlog: int) -> None:
        self._database = database
        self._backlog = backlog
        # One statement also counts what waits: each one more is a few trips to the database's thread.
        others = _WAITING.where(requests.c.id != bindparam("own")).scalar_subquery().label("others")
        self._accept = database.insert(requests).on_conflict_do_nothing().returning(requests.c.place, others)
        self._remember = upsert_turn(database)
        self._count = first_expense(database)
        self._holders = Holders(database)
        self._claim = _claim()

    async def accept(self, request: Request) -> bool:
        async with self._database.writing() as connection:
            values = {**_row(request), "own": request.id, "now": time.time()}
            row = (await connection.execute(self._accept, values)).first()
            if row is None:
                return False
            if row.others >= self._backlog:
                raise Busy(FULL)
            turn = turn_row(request.origin.thread, first_turn(request))
            await connection.execute(self._remember, {**turn, "place": row.place})
            await connection.execute(self._count, expense_row(request))
            await self._holders.hold(connection, by_request(request.id), files_in(str(values["body"])))
        return True

    async def known(self, key: str) -> bool:
        return bool(await self._database.read(_KNOWN, {"as": key}))

    async def claim(self, worker: str, *, lease: float, platforms: Collection[str]) -> Claim | None:
        now = time.time()
        values = {"holder": worker, "now": now, "until": now + lease, "platforms": list(platforms)}
        rows = await self._database.write(self._claim, values)
        if not rows:
            return None
        row = rows[0]
        return Claim(
            request=unpack(Request, row.body),
            attempt=row.attempts,
            stopped=row.stopped_by,
            approved=row.approved_by,
        )

    async def renew(self, worker: str, *, lease: float) -> Mapping[str, str | None]:
        rows = await self._database.write(_RENEW, {"holder": worker, "until": time.time() + lease})
        return {row.id: row.stopped_by for row in rows}

    async def settle(self, request: str, worker: str, *, done: bool) -> None:
        values = {"request": request, "holder": worker, "when": time.time() if done else None}
        await self._database.write(_SETTLE, values)

    async def park(self, request: str, worker: str) -> None:
        await self._database.write(_PARK, {"request": request, "holder": worker, "when": time.time()})

    async def approve(self, request: str, by: str) -> bool:
        return bool(await self._database.write(_APPROVE, {"request": request, "by": by}))

    async def stop(self, request: str, by: str) -> bool:
        return bool(await self._database.write(_STOP, {"request": request, "by": by}))

    async def expire(self, before: float, by: str) -> int:
        return len(await self._database.write(_EXPIRE, {"before": before, "by": by}))

    async def queue(self, platforms: Collection[str]) -> Queue:
        rows = await self._database.read(_LINE, {"platforms": list(platforms), "now": time.time()})
        return queue_of(Open(id=row.id, thread=row.thread, owner=row.owner, taken=bool(row.taken)) for row in rows)

    async def waiting(self) -> int:
        """Return how many requests wait to be claimed."""
        rows = await self._database.read(_WAITING, {"now": time.time()})
        return int(rows[0][0])


_KNOWN = select(requests.c.place).where(requests.c.key == bindparam("as"))
_OPEN = requests.c.settled_at.is_(None)
_FREE = or_(requests.c.leased_until.is_(None), requests.c.leased_until <= bindparam("now"))
_WAITING = select(func.count()).select_from(requests).where(_OPEN, _FREE)
_LINE = (
    select(requests.c.id, requests.c.thread, requests.c.owner, (~_FREE).label("taken"))
    .where(_OPEN, requests.c.platform.in_(bindparam("platforms", expanding=True)))
    .order_by(requests.c.place)
)
_HELD = and_(requests.c.worker == bindparam("holder"), _OPEN)
_RENEW = (
    update(requests)
    .where(_HELD)
    .values(leased_until=bindparam("until"))
    .returning(requests.c.id, requests.c.stopped_by)
)
_SETTLE = (
    update(requests)
    .where(_HELD, requests.c.id == bindparam("request"))
    .values(worker=None, leased_until=None, settled_at=bindparam("when"))
)
_UNDECIDED = and_(requests.c.stopped_by.is_(None), requests.c.approved_by.is_(None))
_NOW: BindParameter[float] = bindparam("when", type_=Double)
_PARK = (
    update(requests)
    .where(_HELD, requests.c.id == bindparam("request"))
    .values(
        worker=None,
        leased_until=None,
        settled_at=case((_UNDECIDED, _NOW)),
        parked_at=case((_UNDECIDED, _NOW)),
        attempts=1,  # what is decided begins anew, but is not the first
    )
)
# What was forgotten meanwhile has no body any more.
_PARKED = and_(requests.c.parked_at.is_not(None), requests.c.body != "")


def _decide(column: Column[str | None]) -> Update:
    """Return the statement that takes down who decided, the first one to do so, and has what rests claimed again."""
    chosen = update(requests).where(requests.c.id == bindparam("request"), or_(_OPEN, _PARKED))
    values = {column: func.coalesce(column, bindparam("by"))}
    return chosen.values({**values, requests.c.settled_at: None, requests.c.parked_at: None}).returning(requests.c.id)


_STOP = _decide(requests.c.stopped_by)
_APPROVE = _decide(requests.c.approved_by)
_EXPIRE = (
    update(requests)
    .where(_PARKED, requests.c.parked_at < bindparam("before"))
    .values(stopped_by=bindparam("by"), settled_at=None, parked_at=None)
    .returning(requests.c.id)
)


def _claim() -> Update:
    chosen = update(requests).where(requests.c.place == _next())
    lent = chosen.values(
        worker=bindparam("holder"), leased_until=bindparam("until"), attempts=requests.c.attempts + literal(1)
    )
    return lent.returning(requests.c.body, requests.c.attempts, requests.c.stopped_by, requests.c.approved_by)


def _next() -> ScalarSelect[int]:
    """Return the query for the place of the request whose turn it is."""
    mine, other, theirs = requests.alias("mine"), requests.alias("other"), requests.alias("theirs")
    now: BindParameter[float] = bindparam("now")
    # A later request of the conversation that is under way blocks too: two platforms' servers may commit out of order.
    blocked = exists().where(
        other.c.thread == mine.c.thread,
        other.c.settled_at.is_(None),
        other.c.place != mine.c.place,
        or_(other.c.place < mine.c.place, other.c.leased_until > now),
    )
    load = select(func.count()).where(
        theirs.c.owner == mine.c.owner, theirs.c.settled_at.is_(None), theirs.c.leased_until > now
    )
    return (
        select(mine.c.place)
        .where(
            mine.c.settled_at.is_(None),
            mine.c.platform.in_(bindparam("platforms", expanding=True)),
            or_(mine.c.leased_until.is_(None), mine.c.leased_until <= now),
            ~blocked,
        )
        .order_by(load.scalar_subquery(), mine.c.place)
        .limit(1)
        .with_for_update(of=mine, skip_locked=True)  # SQLite has one writer and ignores it
        .scalar_subquery()
    )


def _row(request: Request) -> dict[str, object]:
    return {
        "id": request.id,
        "key": request.origin.key,
        "thread": request.origin.thread,
        "platform": request.origin.platform,
        "owner": owner_of(request),
        "body": pack(request),
        "accepted_at": request.accepted_at,
    }

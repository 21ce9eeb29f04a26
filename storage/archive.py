"""What is kept for a time, in SQL: deleted some rows at a time, so that nobody waits long for the writer."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from sqlalchemy import bindparam, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.ports import NOWHERE
from core.spending import DAY
from core.types import Origin
from storage.database import Database
from storage.erasing import BATCH, Eraser, chunks
from storage.ranges import starting
from storage.spending import within
from storage.tables import bylaws, modes, requests, results, rules, spent, turns

COUNTED = 2 * DAY
"""How long a request of somebody who is forgotten goes on counting against their limits."""

LEDGER = 400 * DAY
"""After so long it is forgotten that there was a request at all."""

_SETTLED = (
    select(requests.c.place, requests.c.id, requests.c.thread, requests.c.accepted_at.label("at"))
    .where(
        requests.c.settled_at.is_not(None),
        requests.c.accepted_at < bindparam("newest"),
        requests.c.place > bindparam("after"),
    )
    .order_by(requests.c.place)
    .limit(4 * BATCH)
)
_TURNS = (
    select(turns.c.number.label("place"), turns.c.request.label("id"), turns.c.thread, turns.c.at)
    .where(turns.c.at < bindparam("newest"), turns.c.number > bindparam("after"))
    .order_by(turns.c.number)
    .limit(4 * BATCH)
)
_RESULTS = select(results.c.key).where(results.c.at < bindparam("newest")).limit(BATCH)


class SqlArchive:
    """Fulfils core.ports.Archive."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._eraser = Eraser(database)

    async def prune(self, before: float, places: Mapping[str, float] = NOWHERE) -> int:
        newest, gone, after = max((before, *places.values())), 0, -1
        while rows := await self._database.read(_SETTLED, {"newest": newest, "after": after}):
            after = rows[-1].place
            old = [row.id for row in rows if row.at < until(row.thread, before, places)]
            for ids in chunks(old):
                gone += await self._delete_requests(ids)
        await self._prune_turns(newest, before, places)
        await self._prune_results(newest)
        await self._prune_names()
        return gone

    async def forget(self, scope: str) -> int:
        gone, prefix = 0, f"{scope}/"
        there = starting(requests.c.thread, prefix)
        settled = select(requests.c.id).where(there, requests.c.settled_at.is_not(None)).limit(BATCH)
        while ids := [row.id for row in await self._database.read(settled)]:
            gone += await self._delete_requests(ids, unlearn=True)
        async with self._database.writing() as connection:
            loose = starting(turns.c.thread, prefix), turns.c.request.not_in(select(requests.c.id))
            said = await connection.scalars(delete(turns).where(*loose).returning(turns.c.request))
            await self._eraser.erase(connection, sorted(set(said)))
            for column in (modes.c.scope, rules.c.scope, bylaws.c.scope):
                inside = or_(column == scope, starting(column, prefix))
                await connection.execute(delete(column.table).where(inside))
            await connection.execute(update(spent).where(*within(scope)).values(person="", who=""))
        return gone

    async def under_way(self, scope: str) -> list[str]:
        there = starting(requests.c.thread, f"{scope}/"), requests.c.settled_at.is_(None)
        rows = await self._database.read(select(requests.c.id).where(*there).order_by(requests.c.place))
        return [row.id for row in rows]

    async def _delete_requests(self, ids: Sequence[str], *, unlearn: bool = False) -> int:
        """Delete those that are still settled, whole; returns how many."""
        still = select(requests.c.id).where(requests.c.id.in_(ids), requests.c.settled_at.is_not(None))
        async with self._database.writing() as connection:
            found = list(await connection.scalars(still))
            if unlearn:
                await self._eraser.unlearn(connection, found)
            await self._eraser.erase(connection, found)
            await connection.execute(delete(requests).where(requests.c.id.in_(found)))
        return len(found)

    async def _prune_turns(self, newest: float, before: float, places: Mapping[str, float]) -> None:
        """Delete old turns that belong to no request of theirs."""
        after = -1
        while rows := await self._database.read(_TURNS, {"newest": newest, "after": after}):
            after = rows[-1].place
            old = [(row.place, row.id) for row in rows if row.at < until(row.thread, before, places)]
            for some in chunks(old):
                async with self._database.writing() as connection:
                    await connection.execute(delete(turns).where(turns.c.number.in_([place for place, _ in some])))
                    await self._release_unknown(connection, {request for _, request in some})

    async def _release_unknown(self, connection: AsyncConnection, ids: set[str]) -> None:
        known = set(await connection.scalars(select(requests.c.id).where(requests.c.id.in_(ids))))
        await self._eraser.erase(connection, sorted(ids - known))

    async def _prune_results(self, newest: float) -> None:
        while rows := await self._database.read(_RESULTS, {"newest": newest}):
            async with self._database.writing() as connection:
                await self._eraser.results(connection, [row.key for row in rows])

    async def _prune_names(self) -> None:
        now = time.time()
        forgotten = spent.c.person == "", spent.c.who != "", spent.c.at < now - COUNTED
        await self._database.write(update(spent).where(*forgotten).values(who=""))
        await self._database.write(delete(spent).where(spent.c.at < now - LEDGER))


def until(thread: str, before: float, places: Mapping[str, float]) -> float:
    """Return the time before which what was said in a conversation is not kept."""
    if not places:
        return before
    platform, workspace, channel = (*thread.split("/", 3), "", "", "")[:3]
    scopes = Origin(platform=platform, workspace=workspace, channel=channel, conversation="", message="").scopes
    return next((places[scope] for scope in scopes if scope in places), before)

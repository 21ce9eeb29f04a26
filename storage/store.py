"""All of the store in SQL, as one object."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage.audit import SqlAudit
from storage.bylaws import SqlBylaws
from storage.database import Database
from storage.finds import SqlFinds
from storage.inbox import SqlInbox
from storage.journal import SqlJournal
from storage.ledger import SqlLedger
from storage.modes import SqlModes
from storage.people import SqlPeople
from storage.results import SqlResults
from storage.rules import SqlRules
from storage.spending import SqlSpending
from storage.tables import events, modes, requests, results, turns
from storage.turns import SqlMemory

BATCH = 500
"""Requests pruned in one transaction, so that nobody waits long for the writer."""

_PROBE = "storage/check"


class Store:
    """The store's ports on one engine, whose tables exist already."""

    def __init__(self, engine: AsyncEngine, *, backlog: int = 1000) -> None:
        self._database = Database(engine)
        self.inbox = SqlInbox(self._database, backlog)
        self.journal = SqlJournal(self._database)
        self.memory = SqlMemory(self._database)
        self.modes = SqlModes(self._database)
        self.results = SqlResults(self._database)
        self.people = SqlPeople(self._database)
        self.rules = SqlRules(self._database)
        self.bylaws = SqlBylaws(self._database)
        self.audit = SqlAudit(self._database)
        self.spending = SqlSpending(self._database)
        self.ledger = SqlLedger(self._database)
        self.finds = SqlFinds(self._database)

    async def check(self) -> None:
        """Read and write something of no consequence. Raises StoreFailed with what is wrong."""
        async with self._database.writing() as connection:
            await connection.execute(insert(modes), {"scope": _PROBE, "mode": "hybrid", "set_by": ""})
            await connection.execute(delete(modes).where(modes.c.scope == _PROBE))
            await connection.execute(select(requests.c.id).limit(1))

    async def waiting(self) -> int:
        """Return how many requests wait to be claimed."""
        return await self.inbox.waiting()

    async def prune(self, before: float) -> int:
        """Delete what is older than ``before`` (Unix seconds): requests with their events and turns, and results.

        A request that is still to be answered stays. Returns how many requests went.
        """
        gone = 0
        while batch := await self._prune_requests(before):
            gone += batch
        await self._database.write(delete(turns).where(turns.c.at < bindparam("before")), {"before": before})
        await self._database.write(delete(results).where(results.c.at < bindparam("before")), {"before": before})
        return gone

    async def _prune_requests(self, before: float) -> int:
        old = select(requests.c.id).where(requests.c.accepted_at < before, requests.c.settled_at.is_not(None))
        async with self._database.writing() as connection:
            ids = list(await connection.scalars(old.limit(BATCH)))
            await _delete(connection, ids)
        return len(ids)

    async def close(self) -> None:
        """Let go of the database."""
        await self._database.close()


async def _delete(connection: AsyncConnection, ids: list[str]) -> None:
    for column in (events.c.request, turns.c.request, requests.c.id):
        await connection.execute(delete(column.table).where(column.in_(ids)))

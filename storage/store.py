"""All of the store in SQL, as one object."""

from __future__ import annotations

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.archive import SqlArchive
from storage.audit import SqlAudit
from storage.bylaws import SqlBylaws
from storage.database import Database
from storage.finds import SqlFinds
from storage.held import SqlLoose
from storage.inbox import SqlInbox
from storage.journal import SqlJournal
from storage.ledger import SqlLedger
from storage.memberships import SqlMemberships
from storage.modes import SqlModes
from storage.people import SqlPeople
from storage.results import SqlResults
from storage.rules import SqlRules
from storage.spending import SqlSpending
from storage.tables import modes, requests
from storage.turns import SqlMemory

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
        self.archive = SqlArchive(self._database)
        self.loose = SqlLoose(self._database)
        self.ledger = SqlLedger(self._database)
        self.finds = SqlFinds(self._database)
        self.memberships = SqlMemberships(self._database)

    async def check(self) -> None:
        """Read and write something of no consequence. Raises StoreFailed with what is wrong."""
        async with self._database.writing() as connection:
            await connection.execute(insert(modes), {"scope": _PROBE, "mode": "hybrid", "set_by": ""})
            await connection.execute(delete(modes).where(modes.c.scope == _PROBE))
            await connection.execute(select(requests.c.id).limit(1))

    async def waiting(self) -> int:
        """Return how many requests wait to be claimed."""
        return await self.inbox.waiting()

    async def close(self) -> None:
        """Let go of the database."""
        await self._database.close()

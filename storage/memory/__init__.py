"""The whole store in memory: the twin of the SQL store, for tests and for trying things out. Nothing outlives it."""

from __future__ import annotations

from storage.memory.decisions import MemoryAudit, MemoryBylaws, MemoryModes, MemoryRules
from storage.memory.keeping import MemoryArchive, MemoryLoose, MemoryMemberships, MemoryPeople
from storage.memory.models import MemoryFinds, MemoryLedger, MemoryResults
from storage.memory.requests import MemoryInbox, MemoryJournal
from storage.memory.spending import MemorySpending
from storage.memory.tables import Tables
from storage.memory.window import MemoryMemory


class MemoryStore:
    """The same parts as storage.store.Store."""

    def __init__(self, *, backlog: int = 1000) -> None:
        self._tables = Tables()
        self.inbox = MemoryInbox(self._tables, backlog)
        self.journal = MemoryJournal(self._tables)
        self.memory = MemoryMemory(self._tables)
        self.modes = MemoryModes(self._tables)
        self.results = MemoryResults(self._tables)
        self.people = MemoryPeople(self._tables)
        self.rules = MemoryRules(self._tables)
        self.bylaws = MemoryBylaws(self._tables)
        self.audit = MemoryAudit(self._tables)
        self.spending = MemorySpending(self._tables)
        self.archive = MemoryArchive(self._tables)
        self.loose = MemoryLoose(self._tables)
        self.ledger = MemoryLedger(self._tables)
        self.finds = MemoryFinds(self._tables)
        self.memberships = MemoryMemberships(self._tables)

    async def check(self) -> None:
        """Memory is always there."""

    async def waiting(self) -> int:
        """Return how many requests wait to be claimed."""
        return await self.inbox.waiting()

    async def close(self) -> None:
        """There is nothing to let go."""

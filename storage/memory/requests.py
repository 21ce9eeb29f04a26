"""What came in, what happened to it, and who works on it."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence

from core.errors import Busy, LeaseLost
from core.events import Event
from core.ports import Claim
from core.turns import Open, Queue, queue_of
from core.types import Request
from storage.inbox import FULL
from storage.memory.tables import Row, Tables
from storage.payloads import (
    first_turn,
    owner_of,
    pack,
    pack_event,
    unpack,
    unpack_event,
)


class MemoryInbox:
    """Fulfils core.ports.Inbox."""

    def __init__(self, tables: Tables, backlog: int) -> None:
        self._tables = tables
        self._backlog = backlog

    async def accept(self, request: Request) -> bool:
        tables = self._tables
        if request.origin.key in tables.keys or request.id in tables.requests:
            return False
        if await self.waiting() >= self._backlog:
            raise Busy(FULL)
        tables.accepted += 1
        tables.keys.add(request.origin.key)
        tables.requests[request.id] = Row(unpack(Request, pack(request)), tables.accepted)
        tables.remember(request.origin.thread, first_turn(request), tables.accepted)
        tables.expense(request)
        return True

    async def known(self, key: str) -> bool:
        return key in self._tables.keys

    async def claim(self, worker: str, *, lease: float, platforms: Collection[str]) -> Claim | None:
        now = time.time()
        fit = [row for row in self._heads(now) if row.request.origin.platform in platforms]
        if not fit:
            return None
        row = min(fit, key=lambda row: (self._load(owner_of(row.request), now), row.place))
        row.worker, row.leased_until, row.attempts = worker, now + lease, row.attempts + 1
        return Claim(request=row.request, attempt=row.attempts, stopped=row.stopped_by, approved=row.approved_by)

    def _heads(self, now: float) -> list[Row]:
        heads: dict[str, Row] = {}
        for row in self._tables.requests.values():
            if not row.settled:
                heads.setdefault(row.request.origin.thread, row)
        return [row for row in heads.values() if row.waits(now)]

    def _load(self, owner: str, now: float) -> int:
        return sum(row.leased(now) and owner_of(row.request) == owner for row in self._tables.requests.values())

    def _held(self, request: str, worker: str) -> Row | None:
        row = self._tables.requests.get(request)
        return row if row and row.worker == worker and not row.settled else None

    async def renew(self, worker: str, *, lease: float) -> Mapping[str, str | None]:
        held = [row for row in self._tables.requests.values() if row.worker == worker and not row.settled]
        for row in held:
            row.leased_until = time.time() + lease
        return {row.request.id: row.stopped_by for row in held}

    async def settle(self, request: str, worker: str, *, done: bool) -> None:
        if row := self._held(request, worker):
            row.worker, row.leased_until, row.settled = None, 0.0, done

    async def park(self, request: str, worker: str) -> None:
        if row := self._held(request, worker):
            row.worker, row.leased_until, row.attempts = None, 0.0, 1
            row.settled = not row.stopped_by and not row.approved_by
            row.parked_at = time.time() if row.settled else None

    async def approve(self, request: str, by: str) -> bool:
        row = self._reopened(request)
        if row is not None:
            row.approved_by = row.approved_by or by
        return row is not None

    async def stop(self, request: str, by: str) -> bool:
        row = self._reopened(request)
        if row is not None:
            row.stopped_by = row.stopped_by or by
        return row is not None

    async def queue(self, platforms: Collection[str]) -> Queue:
        now = time.time()
        rows = [(row, row.request) for row in self._tables.requests.values() if not row.settled]
        return queue_of(
            Open(id=one.id, thread=one.origin.thread, owner=owner_of(one), taken=row.leased(now))
            for row, one in rows
            if one.origin.platform in platforms
        )

    async def expire(self, before: float, by: str) -> int:
        rows = self._tables.requests.values()
        old = [row for row in rows if row.parked and row.parked_at is not None and row.parked_at < before]
        for row in old:
            await self.stop(row.request.id, by)
        return len(old)

    def _reopened(self, request: str) -> Row | None:
        """Return a request that is still to be answered, or may be again."""
        row = self._tables.requests.get(request)
        if row is None or (row.settled and not row.parked):
            return None
        row.settled, row.parked_at = False, None
        return row

    async def waiting(self) -> int:
        """Return how many requests wait to be claimed."""
        now = time.time()
        return sum(row.waits(now) for row in self._tables.requests.values())


class MemoryJournal:
    """Fulfils core.ports.Journal."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def append(self, request: str, events: Sequence[Event], *, after: int) -> None:
        written = self._tables.events.setdefault(request, {})
        new = {number: pack_event(event) for number, event in enumerate(events, start=after)}
        if new.keys() & written.keys():
            raise LeaseLost("Another worker goes on with this request.")
        written.update(new)

    async def read(self, request: str, *, after: int = 0) -> list[Event]:
        written = self._tables.events.get(request, {})
        return [unpack_event(body) for number, body in sorted(written.items()) if number >= after]

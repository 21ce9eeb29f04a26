"""What is kept of people, and what goes."""

from __future__ import annotations

import math
import time
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from core.ports import NOWHERE
from core.types import Request
from storage.archive import COUNTED, LEDGER, until
from storage.memory.tables import Row, Tables


class MemoryPeople:
    """Fulfils core.ports.People."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def request(self, number: str) -> Request | None:
        row = self._tables.requests.get(number)
        return row.request if row and not row.forgotten else None

    async def requests(self, platform: str, author: str) -> list[Request]:
        return [row.request for row in reversed(self._tables.requests.values()) if _is_of(row, platform, author)]

    async def forget(self, platform: str, author: str) -> int:
        theirs = [row for row in self._tables.requests.values() if row.settled and _is_of(row, platform, author)]
        for row in theirs:
            self._tables.forget(row)
        return len(theirs)


def _is_of(row: Row, platform: str, author: str) -> bool:
    return (row.request.origin.platform, row.request.author.id) == (platform, author) and not row.forgotten


class MemoryLoose:
    """Fulfils core.ports.Loose."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def add(self, sha256: str, at: float) -> None:
        self._tables.loose[sha256] = at

    async def files(self, before: float, *, limit: int = 500) -> list[str]:
        tables, held = self._tables, self._tables.held()
        tables.loose = {name: at for name, at in tables.loose.items() if at > before or name not in held}
        found = sorted((at, name) for name, at in tables.loose.items() if at <= before)
        return [name for _, name in found[:limit]]

    async def gone(self, names: Sequence[str]) -> None:
        for name in names:
            self._tables.loose.pop(name, None)


class MemoryMemberships:
    """Fulfils core.ports.Memberships."""

    def __init__(self, tables: Tables) -> None:
        self._memberships = tables.memberships

    async def of(self, account: str) -> frozenset[str]:
        return frozenset(self._memberships.get(account, ()))

    async def join(self, account: str, workspaces: Collection[str]) -> None:
        self._memberships.setdefault(account, set()).update(workspaces)

    async def leave(self, account: str, workspace: str) -> None:
        self._memberships.get(account, set()).discard(workspace)


class MemoryArchive:
    """Fulfils core.ports.Archive."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def prune(self, before: float, places: Mapping[str, float] = NOWHERE) -> int:
        tables = self._tables
        times = {row.request.id: until(row.request.origin.thread, before, places) for row in self._settled()}
        old = [row for row in self._settled() if row.request.accepted_at < times[row.request.id]]
        for row in old:
            self._delete(row)
        loose = [
            line
            for thread, lines in tables.turns.items()
            for line in lines.values()
            if line.turn.at < until(thread, before, places)
        ]
        tables.drop(lambda line: any(line is one for one in loose))
        for number in {line.turn.request for line in loose} - tables.requests.keys():
            tables.erase(number)
        newest = max((before, *places.values()))
        tables.lose([key for key, (at, _) in tables.results.items() if at < newest])
        now = time.time()
        for one in tables.spent.values():
            if not one.person and one.at < now - COUNTED:
                one.who = ""
        tables.spent = {number: one for number, one in tables.spent.items() if one.at >= now - LEDGER}
        return len(old)

    async def forget(self, scope: str) -> int:
        tables, prefix = self._tables, f"{scope}/"
        gone = [row for row in self._settled() if row.request.origin.thread.startswith(prefix)]
        for row in gone:
            tables.unlearn(row.request.id)
            self._delete(row)
        loose = [
            line
            for thread, lines in tables.turns.items()
            for line in lines.values()
            if thread.startswith(prefix) and line.turn.request not in tables.requests
        ]
        tables.drop(lambda line: any(line is one for one in loose))
        for number in {line.turn.request for line in loose} - tables.requests.keys():
            tables.erase(number)
        for decided in (tables.modes, tables.rules, tables.bylaws):
            _drop_scope(decided, scope)
        for one in tables.spent.values():
            if one.within(scope, -math.inf):
                one.person = one.who = ""
        return len(gone)

    async def under_way(self, scope: str) -> list[str]:
        rows = [row.request for row in self._tables.requests.values() if not row.settled]
        return [request.id for request in rows if request.origin.thread.startswith(f"{scope}/")]

    def _settled(self) -> list[Row]:
        return [row for row in self._tables.requests.values() if row.settled]

    def _delete(self, row: Row) -> None:
        tables, number = self._tables, row.request.id
        tables.erase(number, None if row.forgotten else row)
        tables.keys.discard(row.request.origin.key)
        del tables.requests[number]
        if number in tables.spent:
            tables.spent[number].person = tables.spent[number].who = ""


def _drop_scope(decided: dict[Any, Any], scope: str) -> None:
    for key in list(decided):
        name = key if isinstance(key, str) else key[0]
        if name == scope or name.startswith(f"{scope}/"):
            del decided[key]

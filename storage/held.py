"""Who refers to which file: requests, with their events and turns, and remembered results.

Rows are written in the transaction that writes the reference. When the last one goes, the file is loose, and whoever
sweeps may delete it.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence

from sqlalchemy import bindparam, delete, exists, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database import Database
from storage.tables import held, loose


def by_request(request: str) -> str:
    """Return a request's name among holders."""
    return f"request/{request}"


def by_result(key: str) -> str:
    """Return a remembered result's name among holders."""
    return f"result/{key}"


class Holders:
    """Writes who holds what, on a connection whose transaction writes the reference as well."""

    def __init__(self, database: Database) -> None:
        self._hold = database.insert(held).on_conflict_do_nothing()
        self._let_go = database.insert(loose)
        self._let_go = self._let_go.on_conflict_do_update(
            index_elements=["sha256"], set_={"at": self._let_go.excluded.at}
        )

    async def hold(self, connection: AsyncConnection, holder: str, files: Collection[str]) -> None:
        """Take down that ``holder`` refers to files."""
        if files:
            await connection.execute(self._hold, [{"holder": holder, "sha256": name} for name in files])

    async def release(self, connection: AsyncConnection, holders: Sequence[str]) -> None:
        """Forget what these hold; a file of theirs is loose from now on, unless somebody else holds it."""
        theirs = held.c.holder.in_(holders)
        names = select(held.c.sha256, literal(time.time())).where(theirs).distinct()
        await connection.execute(self._let_go.from_select(["sha256", "at"], names))
        await connection.execute(delete(held).where(theirs))


_UNHELD = (
    select(loose.c.sha256)
    .where(loose.c.at <= bindparam("before"), ~exists().where(held.c.sha256 == loose.c.sha256))
    .order_by(loose.c.at, loose.c.sha256)
    .limit(bindparam("most"))
)
_HELD_AGAIN = delete(loose).where(loose.c.at <= bindparam("before"), exists().where(held.c.sha256 == loose.c.sha256))


class SqlLoose:
    """Fulfils core.ports.Loose."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._again = database.insert(loose)
        self._again = self._again.on_conflict_do_update(index_elements=["sha256"], set_={"at": self._again.excluded.at})

    async def add(self, sha256: str, at: float) -> None:
        await self._database.write(self._again, {"sha256": sha256, "at": at})

    async def files(self, before: float, *, limit: int = 500) -> list[str]:
        await self._database.write(_HELD_AGAIN, {"before": before})
        rows = await self._database.read(_UNHELD, {"before": before, "most": limit})
        return [row.sha256 for row in rows]

    async def gone(self, names: Sequence[str]) -> None:
        await self._database.write(delete(loose).where(loose.c.sha256.in_(names)))

"""The journal in SQL."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, insert, select
from sqlalchemy.exc import IntegrityError

from core.errors import LeaseLost
from core.events import Event
from storage.database import Database
from storage.payloads import pack_event, unpack_event
from storage.tables import events as table

_INSERT = insert(table)
_READ = (
    select(table.c.body)
    .where(table.c.request == bindparam("request"), table.c.number >= bindparam("after"))
    .order_by(table.c.number)
)


class SqlJournal:
    """Fulfils core.ports.Journal: the key (request, number) is the fence between two workers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def append(self, request: str, events: Sequence[Event], *, after: int) -> None:
        rows = [
            {"request": request, "number": number, "body": pack_event(event)}
            for number, event in enumerate(events, start=after)
        ]
        try:
            await self._insert(rows)
        except IntegrityError:
            raise LeaseLost("Another worker goes on with this request.") from None

    async def _insert(self, rows: list[dict[str, object]]) -> None:
        if len(rows) == 1:
            await self._database.write(_INSERT, rows[0])
        elif rows:
            async with self._database.writing() as connection:
                await connection.execute(_INSERT, rows)

    async def read(self, request: str, *, after: int = 0) -> list[Event]:
        rows = await self._database.read(_READ, {"request": request, "after": after})
        return [unpack_event(row.body) for row in rows]

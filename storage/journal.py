"""The journal in SQL."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, insert, select
from sqlalchemy.exc import IntegrityError

from core.errors import LeaseLost
from core.events import Event
from storage.database import Database
from storage.held import Holders, by_request
from storage.payloads import files_in, pack_event, unpack_event
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
        self._holders = Holders(database)

    async def append(self, request: str, events: Sequence[Event], *, after: int) -> None:
        bodies = [pack_event(event) for event in events]
        rows = [{"request": request, "number": number, "body": body} for number, body in enumerate(bodies, start=after)]
        try:
            await self._insert(request, rows, files_in(*bodies))
        except IntegrityError:
            raise LeaseLost("Another worker goes on with this request.") from None

    async def _insert(self, request: str, rows: list[dict[str, object]], files: list[str]) -> None:
        if len(rows) == 1 and not files:
            await self._database.write(_INSERT, rows[0])
        elif rows:
            async with self._database.writing() as connection:
                await connection.execute(_INSERT, rows)
                await self._holders.hold(connection, by_request(request), files)

    async def read(self, request: str, *, after: int = 0) -> list[Event]:
        rows = await self._database.read(_READ, {"request": request, "after": after})
        return [unpack_event(row.body) for row in rows]

"""What is kept of each person, in SQL."""

from __future__ import annotations

from sqlalchemy import ColumnElement, bindparam, select, update

from core.types import Request
from storage.database import Database
from storage.erasing import Eraser, chunks
from storage.payloads import unpack
from storage.tables import requests

_ONE = select(requests.c.body).where(requests.c.id == bindparam("request"))


class SqlPeople:
    """Fulfils core.ports.People."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._eraser = Eraser(database)

    async def request(self, number: str) -> Request | None:
        rows = await self._database.read(_ONE, {"request": number})
        return unpack(Request, rows[0].body) if rows and rows[0].body else None

    async def requests(self, platform: str, author: str) -> list[Request]:
        theirs = select(requests.c.body).where(*_whose(platform, author)).order_by(requests.c.place.desc())
        return [unpack(Request, row.body) for row in await self._database.read(theirs)]

    async def forget(self, platform: str, author: str) -> int:
        settled = select(requests.c.id).where(*_whose(platform, author), requests.c.settled_at.is_not(None))
        async with self._database.writing() as connection:
            ids = list(await connection.scalars(settled))
            for batch in chunks(ids):
                await self._eraser.unlearn(connection, batch)
                await self._eraser.erase(connection, batch, counted=True)
                # The key stays: delivered again, the message is still known and not answered once more.
                await connection.execute(update(requests).where(requests.c.id.in_(batch)).values(body="", owner=""))
        return len(ids)


def _whose(platform: str, author: str) -> tuple[ColumnElement[bool], ...]:
    return (requests.c.platform == platform, requests.c.owner.endswith(f"/{author}", autoescape=True))

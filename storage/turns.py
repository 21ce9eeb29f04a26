"""The conversation windows in SQL."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, case, delete, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from core.ports import Conversation
from core.types import Turn
from storage.database import Database
from storage.held import Holders, by_request
from storage.payloads import files_in, pack, title_of, unpack
from storage.ranges import LAST
from storage.tables import requests, turns


def turn_row(thread: str, turn: Turn) -> dict[str, object]:
    """Return a turn's columns, all but its place."""
    return {
        "thread": thread,
        "request": turn.request,
        "role": turn.role,
        "at": turn.at,
        "title": title_of(turn.text),
        "body": pack(turn),
    }


def upsert_turn(database: Database) -> postgresql.Insert | sqlite.Insert:
    """Return the statement that writes a turn, or replaces what it says and leaves it where it lies."""
    statement = database.insert(turns)
    again = {name: statement.excluded[name] for name in ("at", "title", "body")}
    return statement.on_conflict_do_update(index_elements=["request", "role", "thread"], set_=again)


class SqlMemory:
    """Fulfils core.ports.Memory.

    Turns lie in the order in which their requests were accepted, so an answer stands right after its question even
    when the next question came first. A request the inbox does not know counts as the newest.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._holders = Holders(database)
        place = select(requests.c.place).where(requests.c.id == bindparam("of")).scalar_subquery()
        newest = select(func.max(requests.c.place)).scalar_subquery()
        self._remember = upsert_turn(database).values(place=func.coalesce(place, newest, 0))

    async def window(self, thread: str, *, before: str | None = None, limit: int = 50) -> list[Turn]:
        statement = _NEWEST if before is None else _NEWEST_BEFORE
        rows = await self._database.read(statement, {"thread": thread, "before": before, "limit": limit})
        return [unpack(Turn, row.body) for row in reversed(rows)]

    async def remember(self, thread: str, turn: Turn) -> None:
        row = {**turn_row(thread, turn), "of": turn.request}
        if not turn.artifacts:
            await self._database.write(self._remember, row)
            return
        async with self._database.writing() as connection:
            await connection.execute(self._remember, row)
            await self._holders.hold(connection, by_request(turn.request), files_in(str(row["body"])))

    async def conversations(self, prefix: str, *, limit: int = 50) -> list[Conversation]:
        rows = await self._database.read(_CONVERSATIONS, {"prefix": prefix, "end": prefix + LAST, "limit": limit})
        return [_conversation(row) for row in rows]

    async def forget(self, thread: str) -> None:
        await self._database.write(delete(turns).where(turns.c.thread == bindparam("of")), {"of": thread})


def _conversation(row: Row[Any]) -> Conversation:
    return Conversation(thread=row.thread, title=row.title or "", at=row.at)


def _newest() -> Select[tuple[str]]:
    return (
        select(turns.c.body)
        .where(turns.c.thread == bindparam("thread"))
        .order_by(turns.c.place.desc(), turns.c.number.desc())
        .limit(bindparam("limit"))
    )


def _conversations() -> Select[Any]:
    spoken = case((turns.c.title != "", turns.c.number))
    heads = (
        select(
            turns.c.thread,
            func.max(turns.c.at).label("at"),
            func.max(turns.c.number).label("newest"),
            func.min(spoken).label("first"),
        )
        .where(turns.c.thread >= bindparam("prefix"), turns.c.thread < bindparam("end"))
        .group_by(turns.c.thread)
        .order_by(func.max(turns.c.at).desc(), func.max(turns.c.number).desc())
        .limit(bindparam("limit"))
        .subquery()
    )
    return (
        select(heads.c.thread, heads.c.at, turns.c.title)
        .select_from(heads.outerjoin(turns, turns.c.number == heads.c.first))
        .order_by(heads.c.at.desc(), heads.c.newest.desc())
    )


_NEWEST = _newest()
_PLACE = select(requests.c.place).where(requests.c.id == bindparam("before")).scalar_subquery()
_NEWEST_BEFORE = _newest().where(
    and_(turns.c.request != bindparam("before"), or_(_PLACE.is_(None), turns.c.place < _PLACE))
)
_CONVERSATIONS = _conversations()

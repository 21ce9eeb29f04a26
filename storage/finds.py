"""What the Hub told about models, in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from anyio import to_thread
from pydantic import TypeAdapter
from sqlalchemy import Row, func, select

from core.contract import Model
from core.ports import Find
from storage.database import Database
from storage.tables import finds

MODELS = TypeAdapter(list[Model])


class SqlFinds:
    """Fulfils core.ports.Finds."""

    def __init__(self, database: Database) -> None:
        self._database = database
        statement = database.insert(finds)
        again = {"body": statement.excluded.body, "at": statement.excluded.at}
        self._put = statement.on_conflict_do_update(index_elements=["task"], set_=again)

    async def read(self) -> dict[str, Find]:
        rows = await self._database.read(select(finds))
        return await to_thread.run_sync(_read, rows)  # thousands of models take a while

    async def put(self, task: str, find: Find) -> None:
        await self._database.write(self._put, {"task": task, "body": pack(find.models), "at": find.at})

    async def latest(self) -> float:
        (row,) = await self._database.read(select(func.max(finds.c.at).label("at")))
        return row.at or 0.0


def _read(rows: Sequence[Row[Any]]) -> dict[str, Find]:
    return {row.task: Find(models=unpack(row.body), at=row.at) for row in rows}


def pack(models: Sequence[Model]) -> str:
    """Return models as JSON; what is unknown is left out."""
    return MODELS.dump_json(list(models), exclude_defaults=True).decode()


def unpack(body: str) -> tuple[Model, ...]:
    """Return models from JSON."""
    return tuple(MODELS.validate_json(body))

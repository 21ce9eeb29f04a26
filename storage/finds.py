"""What the Hub told about models, in SQL."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import TypeAdapter
from sqlalchemy import select

from core.ports import Find
from core.registry import Model
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
        return {row.task: Find(models=unpack(row.body), at=row.at) for row in rows}

    async def put(self, task: str, find: Find) -> None:
        await self._database.write(self._put, {"task": task, "body": pack(find.models), "at": find.at})


def pack(models: Sequence[Model]) -> str:
    """Return models as JSON; what is unknown is left out."""
    return MODELS.dump_json(list(models), exclude_defaults=True).decode()


def unpack(body: str) -> tuple[Model, ...]:
    """Return models from JSON."""
    return tuple(MODELS.validate_json(body))

"""The inference modes in SQL."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, select

from core.types import Mode
from storage.database import Database
from storage.tables import modes

_GET = select(modes.c.scope, modes.c.mode).where(modes.c.scope.in_(bindparam("scopes", expanding=True)))
_UNSET = delete(modes).where(modes.c.scope == bindparam("of"))


class SqlModes:
    """Fulfils core.ports.Modes."""

    def __init__(self, database: Database) -> None:
        self._database = database
        statement = database.insert(modes)
        again = {"mode": statement.excluded.mode, "set_by": statement.excluded.set_by}
        self._set = statement.on_conflict_do_update(index_elements=["scope"], set_=again)

    async def get(self, *scopes: str) -> Mode | None:
        rows = await self._database.read(_GET, {"scopes": scopes})
        found = {row.scope: row.mode for row in rows}
        return next((Mode(found[scope]) for scope in scopes if scope in found), None)

    async def set(self, scope: str, mode: Mode | None, *, by: str) -> None:
        if mode is None:
            await self._database.write(_UNSET, {"of": scope})
        else:
            await self._database.write(self._set, {"scope": scope, "mode": mode.value, "set_by": by})

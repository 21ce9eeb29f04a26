"""What admins changed, in SQL: rows are added, never changed."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import insert, or_, select

from core.audit import Change, workspaces
from storage.database import Database
from storage.ranges import starting
from storage.tables import audit

_NOTE = insert(audit)
_NEWEST = select(audit).order_by(audit.c.number.desc())


class SqlAudit:
    """Fulfils core.ports.Audit."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def note(self, change: Change) -> None:
        await self._database.write(_NOTE, asdict(change))

    async def read(self, *scopes: str, limit: int = 20) -> list[Change]:
        statement = _NEWEST.limit(limit)
        if scopes:
            below = [starting(audit.c.scope, f"{one}/") for one in workspaces(scopes)]
            statement = statement.where(or_(audit.c.scope.in_(scopes), *below))
        rows = await self._database.read(statement)
        return [Change(at=row.at, by=row.by, scope=row.scope, what=row.what, old=row.old, new=row.new) for row in rows]

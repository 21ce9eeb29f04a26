"""In which workspaces accounts of ours are, in SQL."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import bindparam, delete, select

from storage.database import Database
from storage.tables import memberships

_OF = select(memberships.c.workspace).where(memberships.c.account == bindparam("of"))
_LEFT = delete(memberships).where(
    memberships.c.account == bindparam("of"), memberships.c.workspace == bindparam("where")
)


class SqlMemberships:
    """Fulfils core.ports.Memberships."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._join = database.insert(memberships).on_conflict_do_nothing()

    async def of(self, account: str) -> frozenset[str]:
        return frozenset(row.workspace for row in await self._database.read(_OF, {"of": account}))

    async def join(self, account: str, workspaces: Collection[str]) -> None:
        if workspaces:
            rows = [{"account": account, "workspace": workspace} for workspace in workspaces]
            await self._database.write(self._join, rows)

    async def leave(self, account: str, workspace: str) -> None:
        await self._database.write(_LEFT, {"of": account, "where": workspace})

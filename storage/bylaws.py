"""The admins' decisions about places in SQL."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import bindparam, delete, select

from core.bylaws import Bylaw, Decision
from storage.database import Database
from storage.tables import bylaws

_ALL = select(bylaws.c.scope, bylaws.c.name, bylaws.c.value)
_READ = _ALL.where(bylaws.c.scope.in_(bindparam("scopes", expanding=True)))
_UNSET = delete(bylaws).where(bylaws.c.scope == bindparam("in_scope"), bylaws.c.name == bindparam("called"))


class SqlBylaws:
    """Fulfils core.ports.Bylaws."""

    def __init__(self, database: Database) -> None:
        self._database = database
        statement = database.insert(bylaws)
        again = {"value": statement.excluded.value, "set_by": statement.excluded.set_by}
        self._set = statement.on_conflict_do_update(index_elements=["scope", "name"], set_=again)

    async def read(self, *scopes: str) -> list[Decision]:
        rows = await self._database.read(_READ if scopes else _ALL, {"scopes": scopes} if scopes else None)
        found = (Decision(bylaw=Bylaw(row.name), value=row.value, scope=row.scope) for row in rows)
        return in_order(found, scopes)

    async def set(self, decision: Decision, *, by: str) -> None:
        if decision.value:
            row = {"scope": decision.scope, "name": decision.bylaw.value, "value": decision.value, "set_by": by}
            await self._database.write(self._set, row)
        else:
            await self._database.write(_UNSET, {"in_scope": decision.scope, "called": decision.bylaw.value})


def in_order(decisions: Iterable[Decision], scopes: Sequence[str]) -> list[Decision]:
    """Return the decisions for ``scopes``, or all where there are none, in the scopes' order, then by name."""
    places = {scope: place for place, scope in enumerate(scopes)}
    fit = [one for one in decisions if one.scope in places or not scopes]
    return sorted(fit, key=lambda one: (places.get(one.scope, 0), one.scope, one.bylaw))

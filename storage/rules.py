"""The admins' rules in SQL."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import bindparam, delete, select

from core.rules import Rule, Topic
from storage.database import Database
from storage.tables import rules

_ALL = select(rules)
_READ = _ALL.where(rules.c.scope.in_(bindparam("scopes", expanding=True)))
_UNSET = delete(rules).where(
    rules.c.scope == bindparam("in_scope"), rules.c.topic == bindparam("of_topic"), rules.c.name == bindparam("called")
)


class SqlRules:
    """Fulfils core.ports.Rules."""

    def __init__(self, database: Database) -> None:
        self._database = database
        statement = database.insert(rules)
        again = {"value": statement.excluded.value, "set_by": statement.excluded.set_by}
        self._set = statement.on_conflict_do_update(index_elements=["scope", "topic", "name"], set_=again)

    async def read(self, *scopes: str) -> list[Rule]:
        rows = await self._database.read(_READ if scopes else _ALL, {"scopes": scopes} if scopes else None)
        found = (Rule(topic=Topic(row.topic), name=row.name, value=row.value, scope=row.scope) for row in rows)
        return in_order(found, scopes)

    async def set(self, rule: Rule, *, by: str) -> None:
        if rule.value:
            row = {"scope": rule.scope, "topic": rule.topic, "name": rule.name, "value": rule.value, "set_by": by}
            await self._database.write(self._set, row)
        else:
            await self._database.write(_UNSET, {"in_scope": rule.scope, "of_topic": rule.topic, "called": rule.name})


def in_order(rules: Iterable[Rule], scopes: Sequence[str]) -> list[Rule]:
    """Return the rules of ``scopes``, or all where there are none, in the scopes' order, then by topic and name."""
    places = {scope: place for place, scope in enumerate(scopes)}
    fit = [rule for rule in rules if rule.scope in places or not scopes]
    return sorted(fit, key=lambda rule: (places.get(rule.scope, 0), rule.scope, rule.topic, rule.name))

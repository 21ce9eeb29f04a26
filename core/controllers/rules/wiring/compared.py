"""The texts that a comparison is about."""

from __future__ import annotations

from core.controllers.rules.wiring.making import Making
from core.controllers.rules.wiring.sources import converted
from core.controllers.rules.wishing.intent import Intent
from core.types import Json, Kind


def compared(making: Making, intent: Intent) -> list[Json]:
    """Return the texts to compare: quoted, named results, the newest, texts of the message."""
    quoted: list[Json] = list(intent.quotes)
    if len(quoted) > 1:
        return quoted
    refs = _results(making, intent)
    told: list[Json] = [passage.text for passage in making.desk.passages if not passage.question]
    found = [*refs, *quoted] if quoted else [*refs, *told[-1:]] if len(refs) == 1 else refs or told
    if len(found) < 2:
        found = [*found, *(thing.refs[0] for thing in making.desk.files if thing.kind is Kind.TEXT)]
    found = list(dict.fromkeys(found))
    return [*_others(making, intent), *found] if len(found) == 1 else found


def _results(making: Making, intent: Intent) -> list[Json]:
    """Return the results that are named, two at most, else the newest."""
    texts = [thing for thing in making.desk.made if thing.kind is Kind.TEXT]
    named = [thing for thing in texts if thing.names & intent.spoken]
    return [ref for thing in (named or texts[-1:])[-2:] for ref in thing.refs]


def _others(making: Making, intent: Intent) -> list[Json]:
    """Return what the files say, for a text that stands alone."""
    other = converted(making, intent) if making.desk.files or making.desk.made else None
    return list(other) if isinstance(other, list) else [other] if other else []

"""The texts that a comparison is about."""

from __future__ import annotations

from itertools import pairwise

from core.controllers.rules.wiring.making import Making
from core.controllers.rules.wiring.sources import converted
from core.controllers.rules.wishing.intent import Intent
from core.types import Json, Kind

_TOLD = ("TEXTY", "CAPTION", "NOUN")


def compared(making: Making, intent: Intent) -> list[Json]:
    """Return the texts to compare: quoted, named results, the newest, texts of the message."""
    quoted: list[Json] = list(intent.quotes)
    if len(quoted) > 1:
        return quoted
    if pair := None if quoted else _with_named(making, intent):
        return pair
    refs = _results(making, intent)
    told: list[Json] = [passage.text for passage in making.desk.passages if not passage.question]
    found = [*refs[-1:], *quoted] if quoted else [*refs, *told[-1:]] if len(refs) == 1 else refs or told
    if len(found) < 2:
        found = [*found, *(thing.refs[0] for thing in making.desk.files if thing.kind is Kind.TEXT)]
    found = list(dict.fromkeys(found))
    return [*_others(making, intent), *found] if len(found) == 1 else found


def _with_named(making: Making, intent: Intent) -> list[Json]:
    """Return a result, and the text of the message that the clause names: "my reference text", "the description"."""
    for before, word in pairwise(intent.clause.words):
        told = [passage for passage in making.desk.passages if word.low in passage.names and not passage.question]
        if told and not before.past and any(word.means(name) for name in _TOLD):
            others = [one for one in intent.rest if one.low not in told[-1].names]
            made = making.desk.named((Kind.TEXT,), others) or making.desk.newest((Kind.TEXT,), aside=True)
            return [made.refs[-1], told[-1].text] if made else []
    return []


def _results(making: Making, intent: Intent) -> list[Json]:
    """Return the results that are named, two at most, else the newest."""
    texts = [thing for thing in making.desk.made if thing.kind is Kind.TEXT]
    named = [thing for thing in texts if thing.names & intent.spoken]
    return [ref for thing in (named or texts[-1:])[-2:] for ref in thing.refs]


def _others(making: Making, intent: Intent) -> list[Json]:
    """Return what the files say, for a text that stands alone."""
    other = converted(making, intent) if making.desk.files or making.desk.made else None
    return list(other) if isinstance(other, list) else [other] if other else []

"""What admins decided about a place besides its models: who may ask, how much, what is shown, how long it is kept."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from core.errors import BadInput
from core.types import Safety


class Bylaw(StrEnum):
    """The decisions there are, by name. Each has one value in a scope; the most particular scope's counts."""

    CHANNELS = "channels"  # ids of the channels where we answer; empty: all
    ROLES = "roles"  # ids of the roles who may ask; empty: everybody
    BLOCKED = "blocked"  # ids of people who are not answered
    REQUESTS_PER_PERSON = "requests-per-person"  # in a day
    REQUESTS_PER_CHANNEL = "requests-per-channel"  # in a day
    SECONDS_PER_PERSON = "seconds-per-person"  # of our own devices' time, in a day
    DOLLARS_PER_PERSON = "dollars-per-person"  # of hosted inference and language models, in a day
    APPROVE_SECONDS = "approve-seconds"  # a plan expected to take longer asks first
    APPROVE_DOLLARS = "approve-dollars"  # a plan expected to cost more asks first
    SAFETY = "safety"  # core.types.Safety
    RETENTION_DAYS = "retention-days"  # after which requests, answers and files are deleted

    @property
    def field(self) -> str:
        """The name that it has in a Charter."""
        return self.value.replace("-", "_")


LISTS = (Bylaw.CHANNELS, Bylaw.ROLES, Bylaw.BLOCKED)
"""Whose values are lists of ids: "+ID" adds one, "-ID" takes one out, "" empties the list."""

DOLLARS = (Bylaw.DOLLARS_PER_PERSON, Bylaw.APPROVE_DOLLARS)
"""Whose values are US dollars, fractions included."""

BOUNDED = (
    Bylaw.REQUESTS_PER_PERSON,
    Bylaw.REQUESTS_PER_CHANNEL,
    Bylaw.SECONDS_PER_PERSON,
    Bylaw.DOLLARS_PER_PERSON,
    Bylaw.RETENTION_DAYS,
)
"""Of these an installation's settings say the most that can be allowed, for it is who runs it that pays or promised."""

IDENTIFIER = re.compile(r"[A-Za-z0-9_.:@-]{1,64}")
LONGEST_LIST = 500
LARGEST = 1e9


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One bylaw as it was decided for one scope: ids with blanks between them, a number, or a word."""

    bylaw: Bylaw
    value: str  # empty: nothing was decided
    scope: str = ""  # where it holds, as in Origin.scopes; "" is everywhere


@dataclass(frozen=True, slots=True, kw_only=True)
class Charter:
    """What holds in one place. 0 is no limit, an empty list no condition."""

    channels: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    blocked: frozenset[str] = frozenset()
    requests_per_person: int = 0
    requests_per_channel: int = 0
    seconds_per_person: int = 0
    dollars_per_person: float = 0.0
    approve_seconds: int = 600  # 0: none asks first
    approve_dollars: float = 0.5  # 0: none asks first
    safety: Safety | None = None  # None: as it is usual in such a place
    retention_days: int = 0  # 0: for ever

    def safety_for(self, *, adults: bool) -> Safety:
        """Return what becomes of unsafe pictures; where only ``adults`` are let in they are shown, if nobody minds."""
        return self.safety or (Safety.OFF if adults else Safety.BLUR)


def charter(decisions: Iterable[Decision], settings: Charter = Charter()) -> Charter:
    """Return what holds where these ``decisions`` do, the most particular scope's first.

    Whoever is blocked in one of the scopes is blocked. What nobody decided is as in ``settings``, which also bound
    what was decided.
    """
    ordered = list(decisions)
    found = {bylaw: _fold(bylaw, ordered, getattr(settings, bylaw.field)) for bylaw in Bylaw}
    return Charter(**{bylaw.field: value for bylaw, value in found.items()})


def decided(decisions: Iterable[Decision], bylaw: Bylaw) -> Decision | None:
    """Return the decision that counts, of some with the most particular scope's first."""
    return next((one for one in decisions if one.bylaw is bylaw), None)


def _fold(bylaw: Bylaw, decisions: Iterable[Decision], setting: Any) -> Any:
    """Return what holds of one bylaw, as its field in a Charter has it."""
    if bylaw is Bylaw.BLOCKED:
        return setting.union(*(_read(one) for one in decisions if one.bylaw is bylaw))
    found = decided(decisions, bylaw)
    if found is None:
        return setting
    value = _read(found)
    return _within(value, setting) if bylaw in BOUNDED else value


def _within(value: float, most: float) -> float:
    """Return the smaller of two limits, of which 0 is none."""
    return min(value, most) if value and most else value or most


def _read(decision: Decision) -> Any:
    """Return a stored value as what it is."""
    if decision.bylaw in LISTS:
        return frozenset(decision.value.split())
    if decision.bylaw is Bylaw.SAFETY:
        return Safety(decision.value)
    return float(decision.value) if decision.bylaw in DOLLARS else int(decision.value)


def ruling(bylaw: Bylaw, told: str, *, scope: str, now: str = "", settings: Charter = Charter()) -> Decision:
    """Return what admins decide when they say ``told`` where the stored value is ``now``.

    Raises BadInput with a sentence for them.
    """
    told = told.strip()
    if not told:
        return Decision(bylaw=bylaw, value="", scope=scope)
    if bylaw in LISTS:
        value = _listed(told, now)
    elif bylaw is Bylaw.SAFETY:
        value = _safety(told)
    else:
        value = _number(bylaw, told, getattr(settings, bylaw.field))
    return Decision(bylaw=bylaw, value=value, scope=scope)


def bylaw_named(word: str) -> Bylaw:
    """Return the bylaw of this name. Raises BadInput."""
    name = word.strip().lower().replace("_", "-")
    if name not in set(Bylaw):
        raise BadInput(f"There is no bylaw “{word.strip()[:80]}”. There are: {', '.join(Bylaw)}.")
    return Bylaw(name)


def _listed(told: str, now: str) -> str:
    """Return a list's new value: "+A -B" changes it, "A B" replaces it; commas will do as well as blanks."""
    words = told.replace(",", " ").split()
    names = [word.lstrip("+").removeprefix("-") for word in words]
    for word, name in zip(words, names, strict=True):
        if not IDENTIFIER.fullmatch(name):
            raise BadInput(f"“{word[:80]}” is no id. Write +ID to add one, -ID to take one out.")
    changed = [word for word in words if word[0] in "+-"]
    if changed and len(changed) < len(words):
        raise BadInput("Either change the list with +ID and -ID, or write all of it without these signs.")
    ids = dict.fromkeys(now.split() if changed else names)
    for word, name in zip(words, names, strict=True):
        if word[0] == "-":
            ids.pop(name, None)
        else:
            ids[name] = None
    if len(ids) > LONGEST_LIST:
        raise BadInput(f"A list holds up to {LONGEST_LIST} ids.")
    return " ".join(ids)


def _safety(told: str) -> str:
    if told.lower() not in set(Safety):
        raise BadInput(f"“{told[:80]}” is no level of safety. They are: {', '.join(Safety)}.")
    return told.lower()


def _number(bylaw: Bylaw, told: str, most: float) -> str:
    what = "a number of US dollars" if bylaw in DOLLARS else "a whole number"
    try:
        number = float(told.removeprefix("$").strip())
    except ValueError:
        number = math.nan
    if not 0 <= number <= LARGEST or (bylaw not in DOLLARS and not number.is_integer()):
        raise BadInput(f"{bylaw} takes {what}, or 0 for no limit, not “{told[:80]}”.")
    if bylaw in BOUNDED and most and (number > most or not number):
        raise BadInput(f"Whoever runs this installation allows {bylaw} of {most:g} at most.")
    return f"{number:.15g}" if bylaw in DOLLARS else str(int(number))

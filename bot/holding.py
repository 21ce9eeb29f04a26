"""What holds in a place, in words."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from typing import Any

from core.amounts import counted, duration, money
from core.audit import Change
from core.bylaws import BOUNDED, Bylaw, Charter, Decision, charter, decided
from core.spending import Total
from core.types import Safety

SHOWN = 20
"""Ids of a list that are named."""

MEANINGS = {
    Safety.STRICT: "withheld",
    Safety.BLUR: "hidden behind a spoiler",
    Safety.OFF: "shown",
    None: "hidden behind a spoiler, and shown where only adults are let in",
}


def lines(decisions: Sequence[Decision], settings: Charter, bylaws: Collection[Bylaw] = tuple(Bylaw)) -> list[str]:
    """Return what holds under ``decisions``, the most particular scope's first, a line for each of ``bylaws``."""
    return [line_of(bylaw, decisions, settings) for bylaw in bylaws]


def line_of(bylaw: Bylaw, decisions: Sequence[Decision], settings: Charter) -> str:
    """Return what holds of one bylaw, and where that was decided."""
    value = getattr(charter(decisions, settings), bylaw.field)
    return f"{bylaw}: {WORDS[bylaw](value)} ({_decided(bylaw, decisions, value, settings)})."


def _decided(bylaw: Bylaw, decisions: Sequence[Decision], value: object, settings: Charter) -> str:
    if bylaw is Bylaw.BLOCKED:
        where = list(dict.fromkeys(one.scope for one in decisions if one.bylaw is bylaw))
    else:
        found = decided(decisions, bylaw)
        where = [found.scope] if found else []
    if not where:
        return "by the settings"
    named = " and ".join(f"for {scope}" if scope else "for everywhere" for scope in where)
    most = getattr(settings, bylaw.field)
    capped = bylaw in BOUNDED and most and getattr(charter(decisions), bylaw.field) != value
    return f"by the settings, which allow no more than that; decided {named}" if capped else f"decided {named}"


def _ids(otherwise: str) -> Callable[[Any], str]:
    def words(ids: Collection[str]) -> str:
        shown = ", ".join(sorted(ids)[:SHOWN]) or otherwise
        return f"{shown} and {len(ids) - SHOWN} more" if len(ids) > SHOWN else shown

    return words


def _limit(form: str, amount: Callable[[Any], str], otherwise: str = "no limit") -> Callable[[Any], str]:
    return lambda value: form.format(amount(value)) if value else otherwise


def _of(noun: str) -> Callable[[float], str]:
    return lambda count: counted(count, noun)


WORDS: dict[Bylaw, Callable[[Any], str]] = {
    Bylaw.CHANNELS: _ids("all"),
    Bylaw.ROLES: _ids("everybody"),
    Bylaw.BLOCKED: _ids("nobody"),
    Bylaw.REQUESTS_PER_PERSON: _limit("{} in a day", "{:,}".format),
    Bylaw.REQUESTS_PER_CHANNEL: _limit("{} in a day", "{:,}".format),
    Bylaw.SECONDS_PER_PERSON: _limit("{} of own devices in a day", _of("second")),
    Bylaw.DOLLARS_PER_PERSON: _limit("{} in a day", money),
    Bylaw.APPROVE_SECONDS: _limit("a plan of more than {} asks first", _of("second"), "no plan asks first"),
    Bylaw.APPROVE_DOLLARS: _limit("a plan of more than {} asks first", money, "no plan asks first"),
    Bylaw.SAFETY: lambda value: f"{value or 'as usual'}: what seems unsafe is {MEANINGS[value]}",
    Bylaw.RETENTION_DAYS: _limit("deleted after {}", _of("day"), "kept"),
}
"""How the value of each is said."""


def spent_line(when: str, total: Total) -> str:
    """Return what was asked and spent in a time."""
    costs = total.costs
    parts = [counted(total.requests, "request"), counted(costs.tasks, "task")]
    parts += [f"{duration(costs.device_seconds)} of own devices"] if costs.device_seconds else []
    parts += [f"{duration(costs.remote_seconds)} of hosted inference"] if costs.remote_seconds else []
    parts += [money(costs.dollars)] if costs.dollars else []
    return f"In the last {when}: {', '.join(parts)}."


def change_line(change: Change) -> str:
    """Return one change: when, who, what, where, from what to what."""
    at = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(change.at))
    where = f"for {change.scope}" if change.scope else "for everywhere"
    return f"{at}, {change.by}: {change.what} {where}, {change.old or 'nothing'} → {change.new or 'nothing'}"

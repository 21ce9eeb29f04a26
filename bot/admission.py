"""Who is let in: what admins decided about a place, against who asks there and how much was asked already."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from adapters.slack.place import PLATFORM as SLACK
from adapters.slack.place import is_direct
from core.amounts import counted, duration, money
from core.bylaws import BOUNDED, Bylaw, Charter, Decision, charter
from core.errors import NotAllowed
from core.ports import Bylaws, Spending
from core.spending import DAY, Expense
from core.types import Origin, Request

COUNTED: dict[Bylaw, Callable[[Expense], float]] = {
    Bylaw.REQUESTS_PER_PERSON: lambda _: 1.0,
    Bylaw.SECONDS_PER_PERSON: lambda expense: expense.costs.device_seconds,
    Bylaw.DOLLARS_PER_PERSON: lambda expense: expense.costs.dollars,
}
"""What of a person's requests counts against which limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """So much of something in a day, counted within a scope."""

    bylaw: Bylaw
    most: float
    scope: str


@dataclass(frozen=True, slots=True)
class Conditions:
    """What holds where a request was written."""

    charter: Charter
    limits: tuple[Limit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """Asks the store once what holds, and once more for each kind of limit that there is."""

    bylaws: Bylaws
    spending: Spending
    settings: Charter = field(default_factory=Charter)

    async def conditions(self, origin: Origin) -> Conditions:
        """Return what holds in a place."""
        decisions = await self.bylaws.read(*origin.scopes)
        return Conditions(charter(decisions, self.settings), tuple(limits(decisions, self.settings)))

    async def admit(self, request: Request, conditions: Conditions) -> None:
        """Raise NotAllowed with a sentence for its author where a request is not to be answered."""
        _welcome(request, conditions.charter)
        since = request.accepted_at - DAY
        personal = [limit for limit in conditions.limits if limit.bylaw in COUNTED]
        if personal:
            asked = await self.spending.of(request.origin.platform, request.author.id, since=since)
            for limit in personal:
                _within(limit, asked, request.accepted_at)
        for limit in conditions.limits:
            if limit.bylaw is Bylaw.REQUESTS_PER_CHANNEL:
                await self._channel(limit, request, since)

    async def told(self, platform: str, author: str, origin: Origin | None) -> list[str]:
        """Say what a person's requests of the last day took, and what is left of the limits at ``origin``."""
        asked = await self.spending.of(platform, author, since=time.time() - DAY)
        conditions = (
            await self.conditions(origin) if origin else Conditions(Charter(), tuple(limits((), self.settings)))
        )
        seconds, dollars = (sum(map(COUNTED[of], asked)) for of in (Bylaw.SECONDS_PER_PERSON, Bylaw.DOLLARS_PER_PERSON))
        took = [f"{duration(seconds)} of computing"] if seconds else []
        took += [money(dollars)] if dollars else []
        left = [_left(limit, asked) for limit in conditions.limits if limit.bylaw in COUNTED]
        said = [f"That took {' and '.join(took)}."] if took else []
        return [*said, f"Left of this day where you asked last: {', '.join(left)}."] if left else said

    async def _channel(self, limit: Limit, request: Request, since: float) -> None:
        at = await self.spending.nth(request.origin, int(limit.most), since=since)
        if at is not None:
            raise NotAllowed(
                f"I was asked {_times(limit.most)} in this channel in the last day, which is all that is allowed "
                f"here. It can go on {_when(at + DAY - request.accepted_at)}."
            )


def limits(decisions: Sequence[Decision], settings: Charter) -> Iterator[Limit]:
    """Yield the limits of a day that hold under ``decisions``, the most particular scope's first, and ``settings``.

    A limit counts what was asked in the scope that it was decided for; those of the settings count everywhere, besides.
    """
    for bylaw in (*COUNTED, Bylaw.REQUESTS_PER_CHANNEL):
        found = next((one for one in decisions if one.bylaw is bylaw), None)
        most = getattr(settings, bylaw.field)
        if found and float(found.value):
            yield Limit(bylaw=bylaw, most=float(found.value), scope=found.scope)
        if most and bylaw in BOUNDED:
            yield Limit(bylaw=bylaw, most=float(most), scope="")


def used(limit: Limit, asked: Sequence[Expense]) -> float:
    """Return how much of a limit a person's requests of the last day took."""
    return sum(map(COUNTED[limit.bylaw], _counted(limit, asked)))


def _counted(limit: Limit, asked: Sequence[Expense]) -> list[Expense]:
    _, *place = limit.scope.split("/", 2)
    return [one for one in asked if [one.workspace, one.channel][: len(place)] == place]


def _welcome(request: Request, rules: Charter) -> None:
    origin, author = request.origin, request.author
    if author.id in rules.blocked:
        raise NotAllowed("An admin decided that your requests are not answered.")
    if not origin.workspace:  # a direct message, the web page, a terminal: nobody has roles there, and no channel
        return
    if rules.channels and origin.channel not in rules.channels and not _direct(origin):
        raise NotAllowed("I am not to answer in this channel: an admin chose others for that.")
    if rules.roles and not rules.roles.intersection(author.roles):
        raise NotAllowed("Only people with certain roles may ask me here, and you have none of these roles.")


def _direct(origin: Origin) -> bool:
    return origin.platform == SLACK and is_direct(origin.channel)


def _within(limit: Limit, asked: Sequence[Expense], now: float) -> None:
    """Raise NotAllowed where a person has used up a limit; ``asked`` is what they asked in the last day."""
    amount, expenses = COUNTED[limit.bylaw], _counted(limit, asked)
    left = sum(map(amount, expenses))
    if left < limit.most:
        return
    free = now
    for expense in reversed(expenses):  # the oldest are the first not to count any more
        if left < limit.most:
            break
        left, free = left - amount(expense), expense.at + DAY
    raise NotAllowed(f"{_spent(limit)}, which is all that is allowed here. You can ask again {_when(free - now)}.")


def _left(limit: Limit, asked: Sequence[Expense]) -> str:
    """Return what is left of a limit."""
    left = max(0.0, limit.most - used(limit, asked))
    match limit.bylaw:
        case Bylaw.SECONDS_PER_PERSON:
            return f"{left:,.0f} of {counted(limit.most, 'second')} of computing"
        case Bylaw.DOLLARS_PER_PERSON:
            return f"{money(left)} of {money(limit.most)}"
        case _:
            return f"{left:,.0f} of {counted(limit.most, 'request')}"


def _spent(limit: Limit) -> str:
    match limit.bylaw:
        case Bylaw.SECONDS_PER_PERSON:
            return f"Your requests took {counted(limit.most, 'second')} of computing in the last day"
        case Bylaw.DOLLARS_PER_PERSON:
            return f"Your requests cost {money(limit.most)} in the last day"
        case _:
            return f"You asked me {_times(limit.most)} in the last day"


def _times(count: float) -> str:
    return "once" if count == 1 else counted(count, "time")


def _when(seconds: float) -> str:
    """Return when something is that is ``seconds`` away, as people say it."""
    minutes = max(1, round(seconds / 60))
    return f"in about {counted(minutes, 'minute') if minutes < 90 else counted(minutes / 60, 'hour')}"

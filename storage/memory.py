"""The whole store in memory: the twin of the SQL store, for tests and for trying things out. Nothing outlives it."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.audit import Change, covers
from core.bylaws import Bylaw, Decision
from core.errors import Busy, LeaseLost
from core.events import Event, Finished
from core.figures import Entries, merged
from core.ports import NOWHERE, Claim, Conversation, Find
from core.rules import Rule
from core.spending import NOTHING, Costs, Expense, Total, who
from core.turns import Line, Open, line_of
from core.types import Artifact, Json, Mode, Origin, Request, Turn
from storage import bylaws, finds
from storage.archive import COUNTED, LEDGER, until
from storage.inbox import FULL
from storage.payloads import (
    files_in,
    first_turn,
    owner_of,
    pack,
    pack_event,
    pack_outputs,
    title_of,
    unpack,
    unpack_event,
    unpack_outputs,
)
from storage.rules import in_order
from storage.spending import MOST, place_of


@dataclass(slots=True)
class _Row:
    """A request and what happened to it."""

    request: Request
    place: int
    attempts: int = 0
    worker: str | None = None
    leased_until: float = 0.0
    stopped_by: str | None = None
    approved_by: str | None = None
    settled: bool = False
    parked_at: float | None = None  # settled only until somebody decides
    forgotten: bool = False  # nothing but its key is kept

    @property
    def parked(self) -> bool:
        return self.parked_at is not None and not self.forgotten

    def leased(self, now: float) -> bool:
        return not self.settled and self.leased_until > now

    def waits(self, now: float) -> bool:
        return not self.settled and self.leased_until <= now


@dataclass(slots=True)
class _Line:
    """A turn and where it lies."""

    turn: Turn
    place: int
    number: int


@dataclass(slots=True)
class _Spent:
    """What a request cost, and who asked."""

    origin: Origin
    at: float  # Unix seconds
    who: str
    person: str  # empty once they are forgotten
    costs: Costs = NOTHING

    def within(self, scope: str, since: float) -> bool:
        names = scope.split("/", 2) if scope else []
        here = all(own == name for own, name in zip(place_of(self.origin), names, strict=False))
        return here and self.at > since


@dataclass(slots=True)
class _Tables:
    """What all parts share: the rows, as JSON where the database has JSON, so that the twin forgets the same."""

    requests: dict[str, _Row] = field(default_factory=dict)  # by id, in order of acceptance
    keys: set[str] = field(default_factory=set)
    accepted: int = 0
    events: dict[str, dict[int, str]] = field(default_factory=dict)
    turns: dict[str, dict[tuple[str, str], _Line]] = field(default_factory=dict)  # thread, then request and role
    written: int = 0  # turns
    modes: dict[str, Mode] = field(default_factory=dict)
    results: dict[str, tuple[float, str]] = field(default_factory=dict)
    loose: dict[str, float] = field(default_factory=dict)  # since when, by file
    rules: dict[tuple[str, str, str], Rule] = field(default_factory=dict)  # by scope, topic and name
    bylaws: dict[tuple[str, Bylaw], Decision] = field(default_factory=dict)  # by scope and name
    spent: dict[str, _Spent] = field(default_factory=dict)  # by request
    changes: list[Change] = field(default_factory=list)
    figures: Entries = field(default_factory=dict)
    finds: dict[str, tuple[float, str]] = field(default_factory=dict)

    def remember(self, thread: str, turn: Turn, place: int) -> None:
        lines = self.turns.setdefault(thread, {})
        self.written += 1
        line = lines.setdefault((turn.request, turn.role), _Line(turn, place, self.written))
        line.turn = unpack(Turn, pack(turn))

    def expense(self, request: Request) -> _Spent:
        origin, author = request.origin, request.author.id
        row = _Spent(origin, request.accepted_at, who(origin.platform, author), author)
        return self.spent.setdefault(request.id, row)

    def forget(self, row: _Row) -> None:
        """Forget all of a request but its key, and that it counts."""
        self.unlearn(row.request.id)
        self.erase(row.request.id, row)
        row.forgotten = True
        if row.request.id in self.spent:
            self.spent[row.request.id].person = ""

    def erase(self, number: str, row: _Row | None = None) -> None:
        """Delete events and turns of a request; its files are loose unless somebody else holds them."""
        self.let_go(*self.events.pop(number, {}).values(), *([pack(row.request)] if row else []))
        self.drop(lambda line: line.turn.request == number)

    def drop(self, gone: Callable[[_Line], bool]) -> None:
        """Delete turns."""
        self.let_go(*(pack(line.turn) for lines in self.turns.values() for line in lines.values() if gone(line)))
        kept = {
            thread: {key: line for key, line in lines.items() if not gone(line)} for thread, lines in self.turns.items()
        }
        self.turns = {thread: lines for thread, lines in kept.items() if lines}

    def unlearn(self, number: str) -> None:
        """Delete the remembered results that say what a request was told."""
        written = map(unpack_event, self.events.get(number, {}).values())
        told = {pack_outputs(event.result.outputs) for event in written if isinstance(event, Finished)}
        self.lose([key for key, (_, body) in self.results.items() if body in told])

    def lose(self, keys: Collection[str]) -> None:
        """Delete remembered results."""
        for key in keys:
            self.let_go(self.results.pop(key)[1])

    def let_go(self, *bodies: str) -> None:
        self.loose |= dict.fromkeys(files_in(*bodies), time.time())

    def held(self) -> set[str]:
        """Return the files that something refers to."""
        events = (body for written in self.events.values() for body in written.values())
        turns = (pack(line.turn) for lines in self.turns.values() for line in lines.values())
        results = (body for _, body in self.results.values())
        asked = (pack(row.request) for row in self.requests.values() if not row.forgotten)
        return set(files_in(*events, *turns, *results, *asked))


class MemoryInbox:
    """Fulfils core.ports.Inbox."""

    def __init__(self, tables: _Tables, backlog: int) -> None:
        self._tables = tables
        self._backlog = backlog

    async def accept(self, request: Request) -> bool:
        tables = self._tables
        if request.origin.key in tables.keys or request.id in tables.requests:
            return False
        if await self.waiting() >= self._backlog:
            raise Busy(FULL)
        tables.accepted += 1
        tables.keys.add(request.origin.key)
        tables.requests[request.id] = _Row(unpack(Request, pack(request)), tables.accepted)
        tables.remember(request.origin.thread, first_turn(request), tables.accepted)
        tables.expense(request)
        return True

    async def known(self, key: str) -> bool:
        return key in self._tables.keys

    async def claim(self, worker: str, *, lease: float, platforms: Collection[str]) -> Claim | None:
        now = time.time()
        fit = [row for row in self._heads(now) if row.request.origin.platform in platforms]
        if not fit:
            return None
        row = min(fit, key=lambda row: (self._load(owner_of(row.request), now), row.place))
        row.worker, row.leased_until, row.attempts = worker, now + lease, row.attempts + 1
        return Claim(request=row.request, attempt=row.attempts, stopped=row.stopped_by, approved=row.approved_by)

    def _heads(self, now: float) -> list[_Row]:
        heads: dict[str, _Row] = {}
        for row in self._tables.requests.values():
            if not row.settled:
                heads.setdefault(row.request.origin.thread, row)
        return [row for row in heads.values() if row.waits(now)]

    def _load(self, owner: str, now: float) -> int:
        return sum(row.leased(now) and owner_of(row.request) == owner for row in self._tables.requests.values())

    def _held(self, request: str, worker: str) -> _Row | None:
        row = self._tables.requests.get(request)
        return row if row and row.worker == worker and not row.settled else None

    async def renew(self, worker: str, *, lease: float) -> Mapping[str, str | None]:
        held = [row for row in self._tables.requests.values() if row.worker == worker and not row.settled]
        for row in held:
            row.leased_until = time.time() + lease
        return {row.request.id: row.stopped_by for row in held}

    async def settle(self, request: str, worker: str, *, done: bool) -> None:
        if row := self._held(request, worker):
            row.worker, row.leased_until, row.settled = None, 0.0, done

    async def park(self, request: str, worker: str) -> None:
        if row := self._held(request, worker):
            row.worker, row.leased_until, row.attempts = None, 0.0, 1
            row.settled = not row.stopped_by and not row.approved_by
            row.parked_at = time.time() if row.settled else None

    async def approve(self, request: str, by: str) -> bool:
        row = self._reopened(request)
        if row is not None:
            row.approved_by = row.approved_by or by
        return row is not None

    async def stop(self, request: str, by: str) -> bool:
        row = self._reopened(request)
        if row is not None:
            row.stopped_by = row.stopped_by or by
        return row is not None

    async def line(self, platforms: Collection[str]) -> Line:
        now = time.time()
        rows = [(row, row.request) for row in self._tables.requests.values() if not row.settled]
        return line_of(
            Open(id=one.id, thread=one.origin.thread, owner=owner_of(one), taken=row.leased(now))
            for row, one in rows
            if one.origin.platform in platforms
        )

    async def expire(self, before: float, by: str) -> int:
        rows = self._tables.requests.values()
        old = [row for row in rows if row.parked and row.parked_at is not None and row.parked_at < before]
        for row in old:
            await self.stop(row.request.id, by)
        return len(old)

    def _reopened(self, request: str) -> _Row | None:
        """Return a request that is still to be answered, or may be again."""
        row = self._tables.requests.get(request)
        if row is None or (row.settled and not row.parked):
            return None
        row.settled, row.parked_at = False, None
        return row

    async def waiting(self) -> int:
        """Return how many requests wait to be claimed."""
        now = time.time()
        return sum(row.waits(now) for row in self._tables.requests.values())


class MemoryJournal:
    """Fulfils core.ports.Journal."""

    def __init__(self, tables: _Tables) -> None:
        self._tables = tables

    async def append(self, request: str, events: Sequence[Event], *, after: int) -> None:
        written = self._tables.events.setdefault(request, {})
        new = {number: pack_event(event) for number, event in enumerate(events, start=after)}
        if new.keys() & written.keys():
            raise LeaseLost("Another worker goes on with this request.")
        written.update(new)

    async def read(self, request: str, *, after: int = 0) -> list[Event]:
        written = self._tables.events.get(request, {})
        return [unpack_event(body) for number, body in sorted(written.items()) if number >= after]


class MemoryMemory:
    """Fulfils core.ports.Memory."""

    def __init__(self, tables: _Tables) -> None:
        self._tables = tables

    async def window(self, thread: str, *, before: str | None = None, limit: int = 50) -> list[Turn]:
        lines = sorted(self._tables.turns.get(thread, {}).values(), key=lambda line: (line.place, line.number))
        row = self._tables.requests.get(before or "")
        earlier = [
            line.turn
            for line in lines
            if before is None or (line.turn.request != before and (row is None or line.place < row.place))
        ]
        return earlier[-limit:] if limit else []

    async def remember(self, thread: str, turn: Turn) -> None:
        row = self._tables.requests.get(turn.request)
        newest = max((row.place for row in self._tables.requests.values()), default=0)
        self._tables.remember(thread, turn, row.place if row else newest)

    async def conversations(self, prefix: str, *, limit: int = 50) -> list[Conversation]:
        found = [(thread, lines.values()) for thread, lines in self._tables.turns.items() if thread.startswith(prefix)]
        found.sort(key=lambda one: max((line.turn.at, line.number) for line in one[1]), reverse=True)
        return [_conversation(thread, lines) for thread, lines in found[:limit]]

    async def forget(self, thread: str) -> None:
        self._tables.turns.pop(thread, None)


def _conversation(thread: str, lines: Collection[_Line]) -> Conversation:
    titles = (title_of(line.turn.text) for line in sorted(lines, key=lambda line: line.number))
    newest = max(line.turn.at for line in lines)
    return Conversation(thread=thread, title=next(filter(None, titles), ""), at=newest)


class MemoryModes:
    """Fulfils core.ports.Modes."""

    def __init__(self, tables: _Tables) -> None:
        self._modes = tables.modes

    async def get(self, *scopes: str) -> Mode | None:
        return next((self._modes[scope] for scope in scopes if scope in self._modes), None)

    async def set(self, scope: str, mode: Mode | None, *, by: str) -> None:
        if mode is None:
            self._modes.pop(scope, None)
        else:
            self._modes[scope] = mode


class MemoryRules:
    """Fulfils core.ports.Rules."""

    def __init__(self, tables: _Tables) -> None:
        self._rules = tables.rules

    async def read(self, *scopes: str) -> list[Rule]:
        return in_order(self._rules.values(), scopes)

    async def set(self, rule: Rule, *, by: str) -> None:
        self._rules.pop(key := (rule.scope, rule.topic, rule.name), None)
        if rule.value:
            self._rules[key] = rule


class MemoryBylaws:
    """Fulfils core.ports.Bylaws."""

    def __init__(self, tables: _Tables) -> None:
        self._bylaws = tables.bylaws

    async def read(self, *scopes: str) -> list[Decision]:
        return bylaws.in_order(self._bylaws.values(), scopes)

    async def set(self, decision: Decision, *, by: str) -> None:
        self._bylaws.pop(key := (decision.scope, decision.bylaw), None)
        if decision.value:
            self._bylaws[key] = decision


class MemoryAudit:
    """Fulfils core.ports.Audit."""

    def __init__(self, tables: _Tables) -> None:
        self._changes = tables.changes

    async def note(self, change: Change) -> None:
        self._changes.append(change)

    async def read(self, *scopes: str, limit: int = 20) -> list[Change]:
        return [change for change in reversed(self._changes) if covers(scopes, change.scope)][:limit]


class MemorySpending:
    """Fulfils core.ports.Spending."""

    def __init__(self, tables: _Tables) -> None:
        self._tables = tables

    async def note(self, request: Request, costs: Costs) -> None:
        self._tables.expense(request).costs = costs

    async def of(self, platform: str, author: str, *, since: float) -> list[Expense]:
        theirs = [one for one in self._newest("", since) if one.who == who(platform, author)]
        return [
            Expense(
                at=one.at,
                workspace=one.origin.workspace,
                channel=one.origin.channel,
                costs=one.costs,
            )
            for one in theirs[:MOST]
        ]

    async def nth(self, origin: Origin, number: int, *, since: float) -> float | None:
        there = self._newest("/".join(place_of(origin)), since)
        return there[number - 1].at if len(there) >= number else None

    async def total(self, scope: str, *, since: float) -> Total:
        return _total(self._newest(scope, since))

    async def most(self, scope: str, *, since: float, limit: int = 5) -> list[Total]:
        people: dict[tuple[str, str], list[_Spent]] = {}
        for one in self._newest(scope, since):
            if one.person:
                people.setdefault((place_of(one.origin)[0], one.person), []).append(one)
        totals = [_total(theirs, person) for (_, person), theirs in people.items()]
        return sorted(totals, key=lambda total: (-total.requests, total.person))[:limit]

    def _newest(self, scope: str, since: float) -> list[_Spent]:
        there = [one for one in self._tables.spent.values() if one.within(scope, since)]
        return sorted(there, key=lambda one: -one.at)


def _total(rows: Collection[_Spent], person: str = "") -> Total:
    costs = Costs(
        tasks=sum(row.costs.tasks for row in rows),
        device_seconds=sum(row.costs.device_seconds for row in rows),
        remote_seconds=sum(row.costs.remote_seconds for row in rows),
        dollars=sum(row.costs.dollars for row in rows),
    )
    return Total(requests=len(rows), costs=costs, person=person)


class MemoryLedger:
    """Fulfils core.ports.Ledger."""

    def __init__(self, tables: _Tables) -> None:
        self._tables = tables

    async def read(self) -> Entries:
        return dict(self._tables.figures)

    async def add(self, news: Entries) -> None:
        self._tables.figures = merged(self._tables.figures, news.items())


class MemoryFinds:
    """Fulfils core.ports.Finds."""

    def __init__(self, tables: _Tables) -> None:
        self._finds = tables.finds

    async def read(self) -> dict[str, Find]:
        return {task: Find(models=finds.unpack(body), at=at) for task, (at, body) in self._finds.items()}

    async def put(self, task: str, find: Find) -> None:
        self._finds[task] = (find.at, finds.pack(find.models))

    async def latest(self) -> float:
        return max((at for at, _ in self._finds.values()), default=0.0)


class MemoryResults:
    """Fulfils core.ports.Results."""

    def __init__(self, tables: _Tables) -> None:
        self._results = tables.results

    async def get(self, key: str) -> Mapping[str, Artifact | Json] | None:
        found = self._results.get(key)
        return unpack_outputs(found[1]) if found else None

    async def put(self, key: str, outputs: Mapping[str, Artifact | Json]) -> None:
        self._results[key] = (time.time(), pack_outputs(outputs))


class MemoryPeople:
    """Fulfils core.ports.People."""

    def __init__(self, tables: _Tables) -> None:
        self._tables = tables

    async def request(self, number: str) -> Request | None:
        row = self._tables.requests.get(number)
        return row.request if row and not row.forgotten else None

    async def requests(self, platform: str, author: str) -> list[Request]:
        return [row.request for row in reversed(self._tables.requests.values()) if _is_of(row, platform, author)]

    async def forget(self, platform: str, author: str) -> int:
        theirs = [row for row in self._tables.requests.values() if row.settled and _is_of(row, platform, author)]
        for row in theirs:
            self._tables.forget(row)
        return len(theirs)


def _is_of(row: _Row, platform: str, author: str) -> bool:
    return (row.request.origin.platform, row.request.author.id) == (platform, author) and not row.forgotten


class MemoryLoose:
    """Fulfils core.ports.Loose."""

    def __init__(self, tables: _Tables) -> None:
        self._tables = tables

    async def add(self, sha256: str, at: float) -> None:
        self._tables.loose[sha256] = at

    async def files(self, before: float, *, limit: int = 500) -> list[str]:
        tables, held = self._tables, self._tables.held()
        tables.loose = {name: at for name, at in tables.loose.items() if at > before or name not in held}
        found = sorted((at, name) for name, at in tables.loose.items() if at <= before)
        return [name for _, name in found[:limit]]

    async def gone(self, names: Sequence[str]) -> None:
        for name in names:
            self._tables.loose.pop(name, None)


class MemoryArchive:
    """Fulfils core.ports.Archive."""

    def __init__(self, tables: _Tables) -> None:
        self._tables = tables

    async def prune(self, before: float, places: Mapping[str, float] = NOWHERE) -> int:
        tables = self._tables
        times = {row.request.id: until(row.request.origin.thread, before, places) for row in self._settled()}
        old = [row for row in self._settled() if row.request.accepted_at < times[row.request.id]]
        for row in old:
            self._delete(row)
        loose = [
            line
            for thread, lines in tables.turns.items()
            for line in lines.values()
            if line.turn.at < until(thread, before, places)
        ]
        tables.drop(lambda line: any(line is one for one in loose))
        for number in {line.turn.request for line in loose} - tables.requests.keys():
            tables.erase(number)
        newest = max((before, *places.values()))
        tables.lose([key for key, (at, _) in tables.results.items() if at < newest])
        now = time.time()
        for one in tables.spent.values():
            if not one.person and one.at < now - COUNTED:
                one.who = ""
        tables.spent = {number: one for number, one in tables.spent.items() if one.at >= now - LEDGER}
        return len(old)

    async def forget(self, scope: str) -> int:
        tables, prefix = self._tables, f"{scope}/"
        gone = [row for row in self._settled() if row.request.origin.thread.startswith(prefix)]
        for row in gone:
            tables.unlearn(row.request.id)
            self._delete(row)
        loose = [
            line
            for thread, lines in tables.turns.items()
            for line in lines.values()
            if thread.startswith(prefix) and line.turn.request not in tables.requests
        ]
        tables.drop(lambda line: any(line is one for one in loose))
        for number in {line.turn.request for line in loose} - tables.requests.keys():
            tables.erase(number)
        for decided in (tables.modes, tables.rules, tables.bylaws):
            _drop_scope(decided, scope)
        for one in tables.spent.values():
            if one.within(scope, -math.inf):
                one.person = one.who = ""
        return len(gone)

    async def under_way(self, scope: str) -> list[str]:
        rows = [row.request for row in self._tables.requests.values() if not row.settled]
        return [request.id for request in rows if request.origin.thread.startswith(f"{scope}/")]

    def _settled(self) -> list[_Row]:
        return [row for row in self._tables.requests.values() if row.settled]

    def _delete(self, row: _Row) -> None:
        tables, number = self._tables, row.request.id
        tables.erase(number, None if row.forgotten else row)
        tables.keys.discard(row.request.origin.key)
        del tables.requests[number]
        if number in tables.spent:
            tables.spent[number].person = tables.spent[number].who = ""


def _drop_scope(decided: dict[Any, Any], scope: str) -> None:
    for key in list(decided):
        name = key if isinstance(key, str) else key[0]
        if name == scope or name.startswith(f"{scope}/"):
            del decided[key]


class MemoryStore:
    """The same parts as storage.store.Store."""

    def __init__(self, *, backlog: int = 1000) -> None:
        self._tables = _Tables()
        self.inbox = MemoryInbox(self._tables, backlog)
        self.journal = MemoryJournal(self._tables)
        self.memory = MemoryMemory(self._tables)
        self.modes = MemoryModes(self._tables)
        self.results = MemoryResults(self._tables)
        self.people = MemoryPeople(self._tables)
        self.rules = MemoryRules(self._tables)
        self.bylaws = MemoryBylaws(self._tables)
        self.audit = MemoryAudit(self._tables)
        self.spending = MemorySpending(self._tables)
        self.archive = MemoryArchive(self._tables)
        self.loose = MemoryLoose(self._tables)
        self.ledger = MemoryLedger(self._tables)
        self.finds = MemoryFinds(self._tables)

    async def check(self) -> None:
        """Memory is always there."""

    async def waiting(self) -> int:
        """Return how many requests wait to be claimed."""
        return await self.inbox.waiting()

    async def prune(self, before: float, places: Mapping[str, float] = NOWHERE) -> int:
        """Delete what is older than ``before`` (Unix seconds), as the SQL store does."""
        return await self.archive.prune(before, places)

    async def close(self) -> None:
        """There is nothing to let go."""

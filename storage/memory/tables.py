"""What the twin holds, as the database holds it in tables."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from core.audit import Change
from core.bylaws import Bylaw, Decision
from core.events import Finished
from core.figures import Entries
from core.rules import Rule
from core.spending import NOTHING, Costs, who
from core.types import Mode, Origin, Request, Turn
from storage.payloads import (
    files_in,
    pack,
    pack_outputs,
    unpack,
    unpack_event,
)
from storage.spending import place_of


@dataclass(slots=True)
class Row:
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
class Said:
    """A turn and where it lies."""

    turn: Turn
    place: int
    number: int


@dataclass(slots=True)
class Spent:
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
class Tables:
    """What all parts share: the rows, as JSON where the database has JSON, so that the twin forgets the same."""

    requests: dict[str, Row] = field(default_factory=dict)  # by id, in order of acceptance
    keys: set[str] = field(default_factory=set)
    accepted: int = 0
    events: dict[str, dict[int, str]] = field(default_factory=dict)
    turns: dict[str, dict[tuple[str, str], Said]] = field(default_factory=dict)  # thread, then request and role
    written: int = 0  # turns
    modes: dict[str, Mode] = field(default_factory=dict)
    results: dict[str, tuple[float, str]] = field(default_factory=dict)
    loose: dict[str, float] = field(default_factory=dict)  # since when, by file
    rules: dict[tuple[str, str, str], Rule] = field(default_factory=dict)  # by scope, topic and name
    bylaws: dict[tuple[str, Bylaw], Decision] = field(default_factory=dict)  # by scope and name
    spent: dict[str, Spent] = field(default_factory=dict)  # by request
    changes: list[Change] = field(default_factory=list)
    figures: Entries = field(default_factory=dict)
    finds: dict[str, tuple[float, str]] = field(default_factory=dict)
    memberships: dict[str, set[str]] = field(default_factory=dict)  # workspaces by account

    def remember(self, thread: str, turn: Turn, place: int) -> None:
        lines = self.turns.setdefault(thread, {})
        self.written += 1
        line = lines.setdefault((turn.request, turn.role), Said(turn, place, self.written))
        line.turn = unpack(Turn, pack(turn))

    def expense(self, request: Request) -> Spent:
        origin, author = request.origin, request.author.id
        row = Spent(origin, request.accepted_at, who(origin.platform, author), author)
        return self.spent.setdefault(request.id, row)

    def forget(self, row: Row) -> None:
        """Forget all of a request but its key, and that it counts."""
        self.unlearn(row.request.id)
        self.erase(row.request.id, row)
        row.forgotten = True
        if row.request.id in self.spent:
            self.spent[row.request.id].person = ""

    def erase(self, number: str, row: Row | None = None) -> None:
        """Delete events and turns of a request; its files are loose unless somebody else holds them."""
        self.let_go(*self.events.pop(number, {}).values(), *([pack(row.request)] if row else []))
        self.drop(lambda line: line.turn.request == number)

    def drop(self, gone: Callable[[Said], bool]) -> None:
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

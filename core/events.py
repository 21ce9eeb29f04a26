"""What can happen to a request, and the Trace, which is the pure fold of it.

The Trace draws live progress, is the plan trace shown in the thread, is what a crash resumes from, what the HTTP
API returns and what tests assert on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import reduce
from typing import TypeAlias, assert_never

from core.types import Artifact, Result, Selection, Task


@dataclass(frozen=True, slots=True)
class Received:
    """A file is in Blobs and has its number: an attachment of the message, or one the window remembers."""

    number: int
    artifact: Artifact
    recalled: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """An attachment cannot be used; ``why`` is the sentence for its sender."""

    number: int
    name: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Consulted:
    """A language model was asked; None where the endpoint did not say."""

    role: str  # "plan", "repair", "select" or "respond"
    model: str
    seconds: float
    tokens_in: int | None = None
    tokens_out: int | None = None
    cost: float | None = None  # US dollars, by the prices in the settings
    trouble: str = ""  # what went wrong, for people, and what was done about it


@dataclass(frozen=True, slots=True)
class Planned:
    """The controller proposed a task and it passed the checks."""

    task: Task
    round: int = 0


@dataclass(frozen=True, slots=True)
class Rejected:
    """Something the controller proposed is no task that can be run."""

    what: str
    why: str
    draft: int | None = None  # the controller's own number of it


@dataclass(frozen=True, slots=True)
class PlanClosed:
    """No further tasks in this round. ``said`` is what the answer held by then, kept for a resume."""

    round: int = 0
    said: str = ""


@dataclass(frozen=True, slots=True)
class Selected:
    """A task has its model and place."""

    selection: Selection


@dataclass(frozen=True, slots=True)
class Started:
    """A task's job was handed to an executor."""

    task: int


@dataclass(frozen=True, slots=True)
class Progressed:
    """A running task tells how far it is; ``fraction`` from 0 to 1, or None where nobody knows."""

    task: int
    fraction: float | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Finished:
    """A task has its result."""

    result: Result


@dataclass(frozen=True, slots=True)
class Failed:
    """A task (or with ``task`` None the whole request) failed; ``why`` is for people."""

    task: int | None
    why: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """A task was not run because one it needs (``because``) has no result."""

    task: int
    because: int


@dataclass(frozen=True, slots=True)
class Said:
    """A piece of the answer as it is written."""

    text: str


@dataclass(frozen=True, slots=True)
class Answered:
    """The whole answer, and the files that belong to it."""

    text: str
    artifacts: tuple[Artifact, ...] = ()


@dataclass(frozen=True, slots=True)
class Posted:
    """The platform holds a message of ours. ``handle`` is what its mouth needs to find it again."""

    handle: str
    final: bool = False


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Somebody stopped the request."""

    by: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """The request waits for its turn: ``ahead`` others go first, for about ``seconds``; with 0 ahead it is its turn."""

    ahead: int
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """The plan costs more than is spent here without asking: it rests until somebody approves of it.

    ``why`` is the sentence that asks.
    """

    why: str
    seconds: float | None = None  # that its tasks are expected to take
    cost: float | None = None  # US dollars


@dataclass(frozen=True, slots=True)
class Approved:
    """Somebody wants the plan that was held to be run."""

    by: str


@dataclass(frozen=True, slots=True)
class Flagged:
    """A classifier takes a file for unsafe: the file's SHA-256, what it sees in it, how sure it is from 0 to 1."""

    sha256: str
    label: str
    score: float


Event: TypeAlias = (
    Received
    | Refused
    | Consulted
    | Planned
    | Rejected
    | PlanClosed
    | Selected
    | Started
    | Progressed
    | Finished
    | Failed
    | Skipped
    | Said
    | Answered
    | Posted
    | Cancelled
    | Waiting
    | Held
    | Approved
    | Flagged
)

EPHEMERAL = (Progressed, Said, Waiting)
"""Shown live, never journaled: a resumed request says them anew."""


class State(StrEnum):
    """Where a task is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Trace:
    """Everything known about a request: the fold of its events."""

    artifacts: Mapping[int, Artifact] = field(default_factory=dict)
    recalled: frozenset[int] = frozenset()  # numbers that come from the window
    refused: Mapping[int, Refused] = field(default_factory=dict)
    tasks: Mapping[int, Task] = field(default_factory=dict)
    round_of: Mapping[int, int] = field(default_factory=dict)  # task -> the round that planned it
    rejected: tuple[Rejected, ...] = ()
    rounds: int = 0  # rounds of planning that are closed
    consulted: tuple[Consulted, ...] = ()
    selections: Mapping[int, Selection] = field(default_factory=dict)
    started: frozenset[int] = frozenset()
    progress: Mapping[int, Progressed] = field(default_factory=dict)
    results: Mapping[int, Result] = field(default_factory=dict)
    failures: Mapping[int, str] = field(default_factory=dict)
    skipped: Mapping[int, int] = field(default_factory=dict)
    saying: str = ""  # the answer as far as it is written
    answer: Answered | None = None
    posted: tuple[Posted, ...] = ()
    failure: str | None = None  # why the request as a whole failed
    cancelled: str | None = None  # who stopped it
    waiting: Waiting | None = None  # while others go first
    held: Held | None = None  # while nobody has approved
    approved: str | None = None  # who wants the plan to be run, whatever it costs
    flagged: Mapping[str, Flagged] = field(default_factory=dict)  # by SHA-256

    def plus(self, event: Event) -> Trace:  # noqa: C901, PLR0912 - one arm an event is the point
        """Return the trace after ``event``."""
        match event:
            case Received(number, artifact, recalled):
                numbers = self.recalled | {number} if recalled else self.recalled
                return replace(self, artifacts={**self.artifacts, number: artifact}, recalled=numbers)
            case Refused(number):
                return replace(self, refused={**self.refused, number: event})
            case Consulted():
                return replace(self, consulted=(*self.consulted, event))
            case Planned(task, number):
                tasks, round_of = {**self.tasks, task.id: task}, {**self.round_of, task.id: number}
                return replace(self, tasks=tasks, round_of=round_of)
            case Rejected():
                return replace(self, rejected=(*self.rejected, event))
            case PlanClosed(number, said):
                return replace(self, rounds=number + 1, saying=said)
            case Selected(selection):
                return replace(self, selections={**self.selections, selection.task: selection})
            case Started(number):
                return replace(self, started=self.started | {number})
            case Progressed(number):
                return replace(self, progress={**self.progress, number: event})
            case Finished(result):
                return replace(self, results={**self.results, result.task: result})
            case Failed(number, why):
                if number is None:
                    return replace(self, failure=why, held=None)
                return replace(self, failures={**self.failures, number: why})
            case Skipped(number, because):
                return replace(self, skipped={**self.skipped, number: because})
            case Said(text):
                return replace(self, saying=self.saying + text)
            case Answered():
                return replace(self, answer=event, saying=event.text)
            case Posted():
                return replace(self, posted=(*self.posted, event))
            case Cancelled(by):
                return replace(self, cancelled=by, held=None)
            case Waiting(ahead):
                return replace(self, waiting=event if ahead else None)
            case Held():
                return replace(self, held=event)
            case Approved(by):
                return replace(self, held=None, approved=by)
            case Flagged(sha256):
                return replace(self, flagged={**self.flagged, sha256: event})
            case _ as never:  # pragma: no cover
                assert_never(never)

    @property
    def over(self) -> bool:
        """Nothing more will happen except posting."""
        return self.answer is not None or self.failure is not None or self.cancelled is not None

    @property
    def handle(self) -> str | None:
        """The platform's handle of the newest message of ours."""
        return self.posted[-1].handle if self.posted else None

    def settled(self, task: int) -> bool:
        """Whether a task has come to its end, good or bad."""
        return task in self.results or task in self.failures or task in self.skipped

    def state(self, task: int) -> State:
        """Where a task is now."""
        if task in self.results:
            return State.DONE
        if task in self.failures:
            return State.FAILED
        if task in self.skipped:
            return State.SKIPPED
        if self.over:
            return State.CANCELLED
        return State.RUNNING if task in self.started else State.WAITING


def fold(events: Iterable[Event], start: Trace | None = None) -> Trace:
    """Fold ``events`` into a trace."""
    return reduce(Trace.plus, events, start or Trace())

"""What the mind needs from outside. Each port is small, and a contract suite says what an implementation must hold."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Protocol, TypeAlias

from core.audit import Change
from core.bylaws import Decision
from core.contract import Fit, Model, TaskType
from core.events import Consulted, Event, Rejected, Trace
from core.figures import Entries
from core.rules import Rule
from core.spending import Costs, Expense, Total
from core.turns import Line
from core.types import Artifact, Json, Mode, Origin, Place, Request, Task, Turn, Value, Wish

NOWHERE: Mapping[str, float] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A request lent to one worker."""

    request: Request
    attempt: int  # 1 for the first
    stopped: str | None = None  # who asked to stop it before it was claimed
    approved: str | None = None  # who wants it to be run, whatever it costs


class Inbox(Protocol):
    """The row that links the platforms' ears with the working hands."""

    async def accept(self, request: Request) -> bool:
        """Store a request and, in the same transaction, the user's line in the window; it counts in Spending.

        Returns False when ``request.origin.key`` is known already. Raises Busy when too much is waiting,
        StoreFailed when the store cannot be used.
        """
        ...

    async def known(self, key: str) -> bool:
        """Whether a request with this ``origin.key`` was accepted before."""
        ...

    async def claim(self, worker: str, *, lease: float, platforms: Collection[str]) -> Claim | None:
        """Lend the next request of these platforms to ``worker`` for ``lease`` seconds, or None.

        One conversation is answered in order, one request at a time; among conversations, the author with the
        least work under way goes first, then the oldest request. A lease that ran out may be claimed anew.
        """
        ...

    async def renew(self, worker: str, *, lease: float) -> Mapping[str, str | None]:
        """Prolong all of a worker's leases; returns the requests it still holds and who asked to stop each, if any."""
        ...

    async def settle(self, request: str, worker: str, *, done: bool) -> None:
        """End the lease: ``done`` for good, else give the request back so that another worker goes on."""
        ...

    async def park(self, request: str, worker: str) -> None:
        """End the lease of a request whose plan is held: it rests, in nobody's way, until somebody decides.

        Where somebody has decided already, it is given back.
        """
        ...

    async def approve(self, request: str, by: str) -> bool:
        """Have a request run whatever it costs; one that rests is claimed again. False when it is over or unknown."""
        ...

    async def stop(self, request: str, by: str) -> bool:
        """Ask whoever works on the request to stop; one that rests is claimed again, so that its end is told.

        False when it is over or unknown.
        """
        ...

    async def line(self, platforms: Collection[str]) -> Line:
        """Return who waits for a worker of these platforms, in the order of their turns."""
        ...

    async def expire(self, before: float, by: str) -> int:
        """Stop all requests that have been resting since before ``before`` (Unix seconds); returns how many."""
        ...


class Journal(Protocol):
    """The events of each request, in order, written once."""

    async def append(self, request: str, events: Sequence[Event], *, after: int) -> None:
        """Write events as numbers ``after``, ``after + 1`` ... in one transaction.

        Raises LeaseLost when one of the numbers is taken: another worker goes on with this request.
        """
        ...

    async def read(self, request: str, *, after: int = 0) -> list[Event]:
        """Return the events from number ``after`` on, in order; empty for an unknown request."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """One line of a list of conversations."""

    thread: str
    title: str  # the first words said in it
    at: float  # Unix seconds of the newest turn


class Memory(Protocol):
    """The conversation windows."""

    async def window(self, thread: str, *, before: str | None = None, limit: int = 50) -> list[Turn]:
        """Return the newest turns of a conversation, oldest first; with ``before``, only those before that request."""
        ...

    async def remember(self, thread: str, turn: Turn) -> None:
        """Write a turn; the same request and role again replaces it."""
        ...

    async def conversations(self, prefix: str, *, limit: int = 50) -> list[Conversation]:
        """Return the conversations whose thread starts with ``prefix``, newest first."""
        ...

    async def forget(self, thread: str) -> None:
        """Delete a conversation's turns."""
        ...


class Modes(Protocol):
    """The inference mode of each place people talk in."""

    async def get(self, *scopes: str) -> Mode | None:
        """Return the mode of the first scope that has one (most particular first)."""
        ...

    async def set(self, scope: str, mode: Mode | None, *, by: str) -> None:
        """Set a scope's mode, or with None let it follow the wider scope again."""
        ...


class People(Protocol):
    """What is kept of each person."""

    async def request(self, number: str) -> Request | None:
        """Return the accepted request with this id."""
        ...

    async def requests(self, platform: str, author: str) -> list[Request]:
        """Return all requests of a person that are kept, newest first."""
        ...

    async def forget(self, platform: str, author: str) -> int:
        """Delete a person's requests with their events and turns; those under way stay. Returns how many went.

        A message that was forgotten and is delivered again is still known.
        """
        ...


class Rules(Protocol):
    """What admins decided about models."""

    async def read(self, *scopes: str) -> list[Rule]:
        """Return the rules of these scopes, the first scope's first; without scopes, all there are."""
        ...

    async def set(self, rule: Rule, *, by: str) -> None:
        """Store a rule; one about the same in the same scope is replaced, and with an empty value taken back."""
        ...


class Bylaws(Protocol):
    """What admins decided about places besides their models."""

    async def read(self, *scopes: str) -> list[Decision]:
        """Return the decisions for these scopes, the first scope's first; without scopes, all there are."""
        ...

    async def set(self, decision: Decision, *, by: str) -> None:
        """Store a decision: one about the same in the same scope is replaced, and with an empty value taken back."""
        ...


class Audit(Protocol):
    """What admins changed: it is only ever added to."""

    async def note(self, change: Change) -> None:
        """Write a change."""
        ...

    async def read(self, *scopes: str, limit: int = 20) -> list[Change]:
        """Return the newest changes in these scopes, and in the channels of a workspace among them, newest first.

        Without scopes, those everywhere.
        """
        ...


class Spending(Protocol):
    """What was asked and what it cost.

    Each request counts from its acceptance on, and goes on counting when its author is forgotten.
    """

    async def note(self, request: Request, costs: Costs) -> None:
        """Write what a request has cost; again replaces."""
        ...

    async def of(self, platform: str, author: str, *, since: float) -> list[Expense]:
        """Return a person's requests after ``since`` (Unix seconds), newest first; not more than 10,000."""
        ...

    async def nth(self, origin: Origin, number: int, *, since: float) -> float | None:
        """Return when the ``number``-th newest request of a channel was accepted; None where there are fewer."""
        ...

    async def total(self, scope: str, *, since: float) -> Total:
        """Add up what was asked in a scope."""
        ...

    async def most(self, scope: str, *, since: float, limit: int = 5) -> list[Total]:
        """Return the people who asked most in a scope, each with a total; those who are forgotten are left out."""
        ...


class Ledger(Protocol):
    """How models did, added up over all processes."""

    async def read(self) -> Entries:
        """Return the figures of all models."""
        ...

    async def add(self, news: Entries) -> None:
        """Put newer figures on top: counts add up, of what is no count the newer one stands."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Find:
    """The models for a task type that the Hub told of."""

    models: Sequence[Model]
    at: float  # Unix seconds


class Finds(Protocol):
    """What the Hub told about models."""

    async def read(self) -> Mapping[str, Find]:
        """Return what is known, by task type."""
        ...

    async def put(self, task: str, find: Find) -> None:
        """Store what the Hub tells now; what it told before is forgotten."""
        ...

    async def latest(self) -> float:
        """Return when the Hub was last asked about any task type, in Unix seconds; 0 where it never was."""
        ...


class Results(Protocol):
    """Results of repeatable experts by content."""

    async def get(self, key: str) -> Mapping[str, Artifact | Json] | None:
        """Return the outputs stored under ``key``."""
        ...

    async def put(self, key: str, outputs: Mapping[str, Artifact | Json]) -> None:
        """Store outputs; the same key again replaces them."""
        ...


class Blobs(Protocol):
    """Media, named by the SHA-256 of their bytes."""

    async def put(self, data: bytes) -> str:
        """Store bytes and return their SHA-256 in hex. Raises StoreFailed, e.g. when the disk is full."""
        ...

    async def get(self, sha256: str) -> bytes:
        """Return the bytes. Raises NotFound."""
        ...

    async def delete(self, sha256: str, *, older: float = 0.0) -> bool:
        """Delete media that were last put more than ``older`` seconds ago; returns whether nothing is there now."""
        ...


class Loose(Protocol):
    """The files that nothing refers to any more, of those that something did: requests, turns, remembered results."""

    async def add(self, sha256: str, at: float) -> None:
        """Have a file count as loose from ``at`` (Unix seconds) on, as long as nothing refers to it."""
        ...

    async def files(self, before: float, *, limit: int = 500) -> list[str]:
        """Return files that are loose since ``before``, those first that are so for the longest time."""
        ...

    async def gone(self, names: Sequence[str]) -> None:
        """Forget files that are deleted."""
        ...


class Archive(Protocol):
    """What is kept for a time, and what a place or a time leaves behind when it is over."""

    async def prune(self, before: float, places: Mapping[str, float] = NOWHERE) -> int:
        """Delete what is older than ``before`` (Unix seconds): requests with their events and turns, and results.

        For ``places``, which are scopes, the time of the most particular one counts. Remembered results belong to no
        place: the latest of all these times counts for them. In Spending nobody's name is left. A request that is still
        to be answered stays. Returns how many requests went.
        """
        ...

    async def forget(self, scope: str) -> int:
        """Delete the requests of a workspace or channel in the same way, however old, and what was decided there."""
        ...

    async def under_way(self, scope: str) -> list[str]:
        """Return the ids of the requests of a workspace or channel that are still to be answered."""
        ...


class Memberships(Protocol):
    """In which workspaces accounts of ours are known to be: who let one go while it was away is told from the rest.

    An account is named by its platform and who it is there.
    """

    async def of(self, account: str) -> frozenset[str]:
        """Return the workspaces that an account is in, as far as it was told."""
        ...

    async def join(self, account: str, workspaces: Collection[str]) -> None:
        """Store that an account is in these workspaces, beside others."""
        ...

    async def leave(self, account: str, workspace: str) -> None:
        """Store that an account is not in a workspace any more."""
        ...


Faults: TypeAlias = Callable[[], Awaitable[Sequence[Rejected]]]
"""Tells what is wrong with the drafts yielded so far, now that all of them are there.

A draft yielded afterwards replaces the faulty one with the same id.
"""


async def no_faults() -> Sequence[Rejected]:
    """Find nothing wrong."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """What a controller is told about a request."""

    text: str
    artifacts: Mapping[int, Artifact]  # by number; the request's own first, then the window's, newest first
    own: int  # how many numbers belong to the request's own attachments
    turns: Sequence[Turn] = ()  # the window, oldest first
    offered: Sequence[TaskType] = ()  # the task types that some place can run now
    missing: Sequence[TaskType] = ()  # known task types that no place can run now
    models: Mapping[str, Sequence[Model]] | None = None  # task type -> candidates
    mode: Mode = Mode.HYBRID
    rounds: int = 0  # how often, instead of answering, further tasks may still be asked for
    faults: Faults = no_faults


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A task as a controller wrote it: data that nobody has checked.

    References are written as strings ``<resource-ID>`` (an earlier draft's id) and ``<attachment-N>``; a list joins
    several.
    """

    id: int
    type: str
    args: Mapping[str, Json]
    model: str | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Say:
    """A piece of the answer's text."""

    text: str


Piece: TypeAlias = Draft | Say | Consulted
"""What a controller yields: tasks, words, and what asking a model cost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """A task for which several models suit equally well."""

    task: Task
    candidates: Sequence[Offer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a controller made of ties: a wish for each task that it has one for, and what asking cost."""

    wishes: Mapping[int, Wish]
    consulted: Consulted | None = None


NO_CHOICE = Choice(wishes={})


class Controller(Protocol):
    """Plans and answers: a language model, or rules."""

    name: str

    def plan(self, brief: Brief) -> AsyncIterator[Piece]:
        """Yield the plan's tasks as they become known; or pieces of an answer where no task is needed."""
        ...

    def respond(self, brief: Brief, trace: Trace) -> AsyncIterator[Piece]:
        """Yield the answer in pieces from what the tasks found; or the tasks of one more round."""
        ...

    async def choose(self, text: str, ties: Sequence[Tie]) -> Choice:
        """Break ties between models for a request that says ``text``; NO_CHOICE leaves it to the rule."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One run of one model, as an executor takes it."""

    id: str
    type: str  # the Hugging Face task name
    model: str
    inputs: Mapping[str, Value]
    seconds: float  # deadline, counted from when the job starts to run
    owner: str = ""  # conversation, for fairness
    place: Place | None = None  # where it shall run; None: wherever the model is
    revision: str = ""  # of the weights, where an admin pinned it; empty: whichever are here
    trusted: bool = False  # an admin allowed this very model, so that its weights may be pickles


OnProgress = Callable[[float | None, str], None]
"""Called with (fraction from 0 to 1 or None, note); must return at once."""


def _some(_args: Mapping[str, Any]) -> Fit:
    return Fit.SOME


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A model that can run here."""

    type: str
    model: Model
    place: Place
    ready: bool = False  # loaded: it starts at once
    present: bool = True  # nothing has to be fetched before it can run
    fit: Callable[[Mapping[str, Any]], Fit] = field(default=_some, repr=False, compare=False)  # for a task's arguments
    easy: bool = True  # the device it would run on has room and speed to spare for it
    wait: float = 0.0  # seconds that a job given now is expected to wait for its turn
    seconds: float | None = None  # how long a run takes there as measured, waiting left out; None: nobody knows

    @property
    def expected(self) -> float | None:
        """Seconds until a job given now would be done; None where nobody knows."""
        return None if self.seconds is None else self.wait + self.seconds


class Executor(Protocol):
    """Runs jobs. Cancelling :meth:`run` stops the job itself."""

    def offers(self) -> Collection[Offer]:
        """Return what can run now: known beforehand, never probed for a request."""
        ...

    async def run(self, job: Job, on_progress: OnProgress) -> Mapping[str, Value]:
        """Run a job and return its outputs.

        Raises ExpertFailed or BadInput in the expert's own words, DeadlineExceeded, WorkerDied, Busy or NotAvailable.
        """
        ...

    async def warm(self, type: str, model: str) -> None:  # noqa: A002 - the field's word
        """Load a model ahead of its job; a failure is nobody's trouble yet.

        One whose weights are not here is fetched in the background: this does not wait for it.
        """
        ...


Fetch = Callable[[str], AsyncIterator[bytes]]
"""Takes an attachment's address and yields its bytes. Raises BadInput with a sentence for the sender."""

"""From a claimed request to its posted answer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from itertools import chain, repeat
from typing import TypeAlias, TypeVar

import anyio
import structlog
from anyio.streams.memory import MemoryObjectReceiveStream

from adapters.base import Mouth
from adapters.live import Live, live
from bot.record import Record
from core.errors import Away, LeaseLost, StoreFailed
from core.events import Approved, Cancelled, Event, Failed, Posted
from core.orchestrator import Orchestrator
from core.ports import Claim, Inbox, Journal, Memory, Spending
from core.safety import cleared
from core.spending import costs_of
from core.types import Artifact, Request, Turn

log = structlog.get_logger()

NOBODY = "nobody"
"""Who stops a plan that was held for too long."""

FORGOTTEN = "Nobody decided about this plan within a day, so it was not run. Ask again if you still want it."


PAUSES = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds before a platform that is away is tried again; the last one from then on."""

T = TypeVar("T")

Opened: TypeAlias = Callable[[str], Awaitable[str | None]]
"""Returns the handle of a request's card, where it got one while it waited."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What answering any request needs."""

    inbox: Inbox
    journal: Journal
    memory: Memory
    orchestrator: Orchestrator
    observe: Callable[[Request, Event], None]  # hears every event: metrics
    worker: str  # whose leases these are
    lease: float = 30.0  # seconds
    attempts: int = 3
    patience: float = 600.0  # seconds for which a platform that is away is waited for
    spending: Spending | None = None  # None: nobody counts what answers cost


class Answering:
    """Answers one claimed request: a fresh one, or one that somebody began before us."""

    def __init__(self, desk: Desk, mouth: Mouth, claim: Claim, record: Record, opened: Opened) -> None:
        """Answer ``claim`` through ``mouth``, going on from ``record``; the request may have waited in a card."""
        self._opened = opened
        self._desk = desk
        self._mouth = mouth
        self._claim = claim
        self._request = claim.request
        self._record = record
        self.parked = False  # the plan is held: there is nothing to do until somebody decides
        self._shown: Live | None = None
        self._stopped_by: str | None = claim.stopped
        self._lost = False
        self._working = anyio.CancelScope()
        self._everything = anyio.CancelScope()
        self._over = anyio.Event()

    async def run(self) -> None:
        """Answer and post, or ask whether a plan that is held shall be run: then :attr:`parked` is set.

        Raises LeaseLost when another worker took over, or what the platform raised.
        """
        try:
            with self._everything:
                async with anyio.create_task_group() as group:
                    group.start_soon(self._work)
                    await self._speak()
        except BaseExceptionGroup as raised:
            raise _first(raised) from None
        if self._lost:
            raise LeaseLost("Another worker took over this request.")

    def stop(self, by: str) -> None:
        """Stop the work, down to the running job, and say who wanted it."""
        if self._stopped_by is None:
            self._stopped_by = by
            self._working.cancel()

    def lose(self) -> None:
        """Leave the request to the worker that took it over, without a word."""
        self._lost = True
        self._everything.cancel()

    async def _work(self) -> None:
        """Bring the request to its end, journaling what happens."""
        try:
            if not self._record.trace.over:
                await self._end_or_answer()
            self.parked = self._record.trace.held is not None and not self._record.trace.over
            self._over.set()
            await self._count()
            await self._remember()
        except StoreFailed as error:
            log.exception("cannot journal", request=self._request.id)
            if not self._over.is_set():
                self._record.give_up(error.message)
                self._over.set()

    async def _end_or_answer(self) -> None:
        if self._stopped_by is None and self._claim.attempt > self._desk.attempts:
            why = f"I tried this {self._desk.attempts} times and failed each time, so I stop here."
            await self._record.add(Failed(None, why))
            return
        if self._stopped_by is None:
            with self._working:
                await self._answer()
        if self._stopped_by is not None and not self._record.trace.over:
            await self._record.add(_stopped(self._stopped_by))

    async def _answer(self) -> None:
        """Run the orchestrator; each batch of events is one transaction and one new picture."""
        if (by := self._claim.approved) and self._record.trace.approved is None:
            await self._record.add(Approved(by))
        orchestrator, trace = self._desk.orchestrator, self._record.trace
        async with orchestrator.answer(self._request, trace, self._mouth.fetch) as events:
            async for batch in _batches(events):
                await self._record.add(*batch)
                if self._shown is not None:
                    self._shown.show(self._record.trace)

    async def _speak(self) -> None:
        """Show the request's way and its end, beside the work: a slow platform must not slow a task."""
        waited, posted = await self._opened(self._request.id), self._record.trace.posted
        if posted and posted[-1].final:
            return
        handle = posted[-1].handle if posted else await self._open(waited)
        async with live(self._mouth, self._request, handle) as self._shown:
            self._shown.show(self._record.trace)
            await self._over.wait()
            if self.parked:
                await self._shown.rest(self._record.trace)
                return
            shown = self._shown
            handle = await self._patiently(lambda: shown.finish(self._record.trace))
        await self._record.add(Posted(handle, final=True))

    async def _open(self, waited: str | None) -> str:
        handle = await self._patiently(lambda: self._mouth.open(self._request)) if waited is None else waited
        await self._record.add(Posted(handle))
        return handle

    async def _patiently(self, call: Callable[[], Awaitable[T]]) -> T:
        """Wait for a platform that is away: the work goes on beside it, and counts as no attempt. Raises Away."""
        ends = anyio.current_time() + self._desk.patience
        for pause in chain(PAUSES, repeat(PAUSES[-1])):
            try:
                return await call()
            except Away as error:
                if anyio.current_time() + pause > ends:
                    raise
                log.warning("platform away", request=self._request.id, why=error.message)
            await anyio.sleep(pause)
        raise AssertionError  # pragma: no cover - the last pause is repeated for ever

    async def _count(self) -> None:
        """Take down what the request has cost. Whoever takes it up after a crash does so anew: it replaces."""
        if self._desk.spending is not None:
            await self._desk.spending.note(self._request, costs_of(self._record.trace))

    async def _remember(self) -> None:
        """Put the files that came in, and the answer, into the conversation's window."""
        # What was withheld does not come back by another way.
        trace = cleared(self._request, self._record.trace, spoilers=self._mouth.capabilities.spoilers)
        own = tuple(trace.artifacts[number] for number in sorted(trace.artifacts.keys() - trace.recalled))
        if own:
            author = self._request.author
            await self._say("user", author.name or author.id, self._request.text, own)
        if trace.answer is not None:
            await self._say("assistant", "JARVIS", trace.answer.text, trace.answer.artifacts)

    async def _say(self, role: str, author: str, text: str, artifacts: tuple[Artifact, ...]) -> None:
        turn = Turn(
            request=self._request.id,
            role=role,
            author=author,
            text=text,
            artifacts=artifacts,
            at=self._request.accepted_at,
        )
        await self._desk.memory.remember(self._request.origin.thread, turn)


def _stopped(by: str) -> Event:
    """Return how a request that was stopped ends."""
    return Failed(None, FORGOTTEN) if by == NOBODY else Cancelled(by)


async def _batches(events: MemoryObjectReceiveStream[Event]) -> AsyncIterator[list[Event]]:
    """Yield whatever has happened by now: under load many events share one transaction."""
    async for first in events:
        batch = [first]
        while True:
            try:
                batch.append(events.receive_nowait())
            except (anyio.WouldBlock, anyio.EndOfStream):
                break
        yield batch


def _first(raised: BaseExceptionGroup[BaseException]) -> BaseException:
    """Return the one that matters: a lost lease silences everything else."""
    lost = raised.subgroup(LeaseLost)
    group = lost if lost is not None else raised
    inner = group.exceptions[0]
    return _first(inner) if isinstance(inner, BaseExceptionGroup) else inner

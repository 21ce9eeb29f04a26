"""The talk with one child about one batch: from its jobs' letter to their answers.

There goes ``go`` with the jobs, after some ``add`` with more of them where they are big. There come ``progress`` at
any time, and at the end ``over`` with what the child has loaded by then and an answer for each job (``done``,
``failed`` or ``stopped``), after some ``part`` with more of them where they are big. Few letters, not one for each job:
small models answer a batch sooner than so many letters are written. A cancel goes past them, over the child's reins.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import anyio

from core.catalogue.snapshot import MODEL
from core.errors import DeadlineExceeded
from core.executors import wire
from core.executors.process import Child, Crashed
from core.executors.sizes import Need
from core.executors.ticket import Ticket
from core.executors.wire import Letter
from core.ports import Job
from core.types import Place

_OVER = 0
"""Stands for the end of the talk, where jobs have numbers: those begin with 1."""

Loaded = dict[tuple[str, str], Need]
"""What a child has loaded, by task type and model."""

OnLoaded = Callable[[Loaded], None]


class Talk:
    """A batch at work in a child. It ends with an answer to each job, or with Crashed."""

    def __init__(
        self, child: Child, jobs: Mapping[int, Ticket], *, need: Need | None, grace: float, on_loaded: OnLoaded
    ) -> None:
        """Ask ``child`` for jobs by their numbers. What ignores a cancel for ``grace`` seconds is killed.

        ``on_loaded`` is told what the child has loaded after it.
        """
        self._child = child
        self._jobs = jobs
        self._need = need
        self._grace = grace
        self._on_loaded = on_loaded
        self.begun = False  # the child has come to it
        self._sent = False  # the child has a letter of it
        self._lent = False  # the child's sheet is in use for it
        self._open: set[int] = set()  # jobs that the child owes an answer to
        self._due: dict[int, float] = {}  # when a job, or the end of the talk, is to be seen to: on the loop's clock
        self._wait = anyio.CancelScope()  # of the wait for a letter: it ends when something is due

    async def run(self) -> None:
        """Talk until it is over. Raises Crashed; then some jobs have no answer.

        The child may still be busy with what it was asked before: it hears what is next in time.
        """
        over = anyio.Event()
        try:
            if (before := await self._asked(over)) is not None:
                if not before.is_set():  # each wait is a turn of the event loop
                    await before.wait()
                self._begin()
                while self._hear(await self._next()):
                    pass
        finally:
            over.set()
            for ticket in self._jobs.values():
                ticket.on_stop = None

    async def _asked(self, over: anyio.Event) -> anyio.Event | None:
        """Ask, and queue until ``over`` for the answers. Returns what to wait for, None if nothing is asked."""
        async with self._child.asking:
            if self._child.doomed:
                raise Crashed("was gone before this began")
            try:
                if not await self._ask():
                    return None
            except BaseException:
                if self._sent:
                    self._child.kill()  # it waits for the rest
                raise
            before, self._child.heard = self._child.heard, over
            return before

    def _begin(self) -> None:
        """Note that the child has come to it: time runs from here on. Raises Crashed where it did not."""
        if self._child.doomed:
            raise Crashed("was gone before this began")
        self.begun = True
        now = anyio.current_time()
        for number in self._open:
            self._jobs[number].running = True
            self._due[number] = now + (self._grace if self._jobs[number].stopped else self._jobs[number].job.seconds)

    async def _next(self) -> Letter:
        """Wait for a letter, and see to what is due meanwhile. Raises Crashed."""
        while True:
            with anyio.CancelScope(deadline=min(self._due.values(), default=math.inf)) as self._wait:
                await self._child.readable()
            self._look_at_the_clock()
            if (letter := await self._child.receive()) is not None:
                return letter

    async def _ask(self) -> bool:
        """Send the letters; returns whether the child has anything to do."""
        jobs = list(self._letters())
        if not jobs:
            return False
        *before, last = wire.together(jobs)
        for letter in before:
            await self._send(Letter({"op": "add", **letter.head}, letter.blobs))
        ticket = next(iter(self._jobs.values()))
        await self._send(Letter({**self._go(ticket), **last.head}, last.blobs))
        self._child.told[ticket.card.key] = ticket.card.model
        self._open = {letter.head["id"] for letter in jobs}
        for number in self._open:
            self._heed(number)
        return True

    def _letters(self) -> Iterator[Letter]:
        """Yield the jobs' letters; a job that none takes fails."""
        for number, ticket in self._jobs.items():
            try:
                inputs, blobs = wire.pack(ticket.job.inputs)
            except wire.Unsendable as error:
                ticket.fail(error)
            else:
                yield Letter({"id": number, "inputs": inputs}, blobs)

    def _go(self, ticket: Ticket) -> Mapping[str, Any]:
        """Return what is the same for all jobs of a batch; facts of a model only where the child does not know them."""
        card, need = ticket.card, self._need
        new = card.place is not Place.EMBEDDED and self._child.told.get(card.key) != card.model
        return {
            "op": "go",
            "load": ticket.op == "load",
            "type": card.type.name,
            "model": card.model.id,
            "place": card.place,
            "facts": MODEL.dump_python(card.model, mode="json") if new else None,
            "need": [need.resident, need.working] if need else None,
            "heard": self._child.overs,
        }

    async def _send(self, letter: Letter) -> None:
        """Write and send a letter; by a thread if it is big."""
        big = sum(map(len, letter.blobs)) > wire.BIG
        sheet = self._child.sheet
        with await anyio.to_thread.run_sync(wire.seal, letter) if big else wire.seal(letter, sheet) as sealed:
            self._sent, self._lent = True, self._lent or sealed.lent
            self._child.send(sealed)

    def _heed(self, number: int) -> None:
        """See to it that a job is stopped in the child as soon as nobody wants it any more."""
        ticket = self._jobs[number]

        def stop() -> None:
            self._child.cancel(number)
            if self.begun:
                self._expect(number)

        ticket.on_stop = stop
        if ticket.stopped:
            stop()

    def _expect(self, number: int) -> None:
        """Give the child until the end of its grace."""
        self._due[number] = anyio.current_time() + self._grace
        self._wait.deadline = min(self._wait.deadline, self._due[number])

    def _look_at_the_clock(self) -> None:
        """See to whatever is due. Raises Crashed where the child does not come to an end."""
        now = anyio.current_time()
        for number in [number for number, due in self._due.items() if due <= now]:
            if number == _OVER:
                self._child.kill()
                raise Crashed("did not come to an end")
            if (ticket := self._jobs[number]).stopped:
                self._let_go(number)
            else:
                ticket.stop(_overdue(ticket.job))

    def _let_go(self, number: int) -> None:
        """Kill a child that did not hear that a job is to stop.

        While others of its batch are still wanted the child lives, and the job is only let go of.
        """
        del self._due[number]
        if all(self._jobs[other].stopped for other in self._open):
            self._child.kill()
        else:
            self._jobs[number].drop()

    def _hear(self, letter: Letter) -> bool:
        """Take one letter; returns whether more are to come. Raises Crashed where it is none that a child sends."""
        match letter.head:
            case {"op": "progress", "id": int(job), "fraction": float() | None as done, "note": str(note)}:
                if job in self._open and (done is None or 0 <= done <= 1):
                    _tell(self._jobs[job], done, note[:200])
            case {"op": "part"}:
                self._settle(letter)
            case {"op": "over", "loaded": list(loaded)}:
                self._settle(letter)
                if self._open:
                    raise Crashed("left jobs without an answer")
                self._on_loaded(dict(map(_loaded, loaded)))
                self._child.overs += 1
                if self._lent:
                    self._child.sheet.turn()
                return False
            case _:
                raise Crashed("sent what is no answer")
        return True

    def _settle(self, letter: Letter) -> None:
        """Take the answers that a letter holds."""
        answers: dict[int, Letter] = {}
        try:
            for answer in wire.apart(letter):
                match answer.head:
                    case {"op": "done" | "failed" | "stopped", "id": int(job)} if (
                        job in self._open and job not in answers
                    ):
                        answers[job] = answer
                    case _:
                        raise Crashed("sent what is no answer")
        except wire.Garbled as error:
            raise Crashed(f"sent what is no answer: {error}") from error
        for job, answer in answers.items():
            self._open.discard(job)
            self._due.pop(job, None)
            self._jobs[job].settle(answer)
        if not self._open:
            self._expect(_OVER)


def _tell(ticket: Ticket, done: float | None, note: str) -> None:
    """Pass progress on. A listener that fails has its job stopped and gets its own error back."""
    if ticket.stopped:
        return
    try:
        ticket.on_progress(done, note)
    except Exception as error:  # noqa: BLE001 - raised again where the job was asked for
        ticket.stop(error)


def _overdue(job: Job) -> DeadlineExceeded:
    words = f"The model “{job.model}” took longer than the {job.seconds:g} seconds it has for {job.type}."
    return DeadlineExceeded(words)


def _loaded(row: object) -> tuple[tuple[str, str], Need]:
    match row:
        case [str(type_), str(model), int(resident), int(working)]:
            return (type_, model), Need(resident, working)
        case _:
            raise Crashed("sent what is no answer")

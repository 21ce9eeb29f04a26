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
from anyio.abc import TaskGroup

from core.catalogue.snapshot import MODEL
from core.errors import DeadlineExceeded
from core.executors import wire
from core.executors.process import Child, Crashed
from core.executors.sizes import Need
from core.executors.ticket import Ticket
from core.executors.wire import Letter
from core.ports import Job
from core.types import Place

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
        self._open: set[int] = set()  # jobs that the child owes an answer to

    async def run(self) -> None:
        """Talk until it is over. Raises Crashed; then some jobs have no answer."""
        if not await self._ask():
            return
        crash: Crashed | None = None
        async with anyio.create_task_group() as group:
            for number in self._open:
                self._heed(group, number)
            group.start_soon(self._clock)
            try:
                while self._hear(await self._next()):
                    pass
            except Crashed as error:
                crash = error
            group.cancel_scope.cancel()
        for ticket in self._jobs.values():
            ticket.on_stop = None
        if crash is not None:
            raise crash

    async def _next(self) -> Letter:
        """Wait for a letter; the last one comes right behind the last answer. Raises Crashed."""
        with anyio.move_on_after(math.inf if self._open else self._grace):
            return await self._child.receive()
        self._child.kill()
        raise Crashed("did not come to an end")

    async def _ask(self) -> bool:
        """Send the letters; returns whether the child has anything to do."""
        jobs = list(self._letters())
        if not jobs:
            return False
        *before, last = wire.together(jobs)
        for letter in before:
            await self._send(Letter({"op": "add", **letter.head}, letter.blobs))
        await self._send(Letter({**_go(next(iter(self._jobs.values())), self._need), **last.head}, last.blobs))
        self._open = {letter.head["id"] for letter in jobs}
        for number in self._open:
            self._jobs[number].running = True
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

    async def _send(self, letter: Letter) -> None:
        """Write and send a letter; by a thread if it is big."""
        big = sum(map(len, letter.blobs)) > wire.BIG
        with await anyio.to_thread.run_sync(wire.seal, letter) if big else wire.seal(letter) as sealed:
            self._child.send(sealed)

    def _heed(self, group: TaskGroup, number: int) -> None:
        """See to it that a job is stopped in the child as soon as nobody wants it any more."""
        ticket = self._jobs[number]

        def stop() -> None:
            group.start_soon(self._end, number)

        ticket.on_stop = stop
        if ticket.stopped:
            stop()

    async def _clock(self) -> None:
        """Stop each job when its time is up."""
        began = anyio.current_time()
        while wanted := [ticket for number in self._open if not (ticket := self._jobs[number]).stopped]:
            first = min(wanted, key=lambda ticket: ticket.job.seconds)
            await anyio.sleep_until(began + first.job.seconds)
            if not first.ended:
                first.stop(_overdue(first.job))

    async def _end(self, number: int) -> None:
        """Stop a job in the child; kill the child if it does not hear.

        While others of its batch are still wanted the child lives, and the job is only let go of.
        """
        self._child.cancel(number)
        await anyio.sleep(self._grace)  # cut short by the end of the talk
        if number not in self._open:
            return
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
        self._open -= answers.keys()
        for job, answer in answers.items():
            self._jobs[job].settle(answer)


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


def _go(ticket: Ticket, need: Need | None) -> Mapping[str, Any]:
    """Return what is the same for all jobs of a batch; facts of a model only where no expert is its own model."""
    card = ticket.card
    return {
        "op": "go",
        "load": ticket.op == "load",
        "type": card.type.name,
        "model": card.model.id,
        "place": card.place,
        "facts": MODEL.dump_python(card.model, mode="json") if card.place is not Place.EMBEDDED else None,
        "need": [need.resident, need.working] if need else None,
    }

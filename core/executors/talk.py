"""The talk with one child about one batch: from its jobs' letters to the last of their answers.

There goes an ``add`` for each job, then ``go``; there come ``progress`` at any time, for each job exactly one of
``done``, ``failed``, ``stopped``, and at the end ``over`` with what the child has loaded by then.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import anyio

from core.catalogue.snapshot import MODEL
from core.errors import DeadlineExceeded
from core.executors import wire
from core.executors.process import Child, Crashed
from core.executors.sizes import Need
from core.executors.ticket import Ticket
from core.executors.wire import Envelope, Letter
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
        self._open: dict[int, anyio.Event] = {}  # jobs that the child owes an answer to, and when it came

    async def run(self) -> None:
        """Talk until it is over. Raises Crashed; then some jobs have no answer."""
        if not await self._ask():
            return
        crash: Crashed | None = None
        async with anyio.create_task_group() as group:
            for number, answered in self._open.items():
                group.start_soon(self._watch, number, self._jobs[number], answered)
            try:
                while self._hear(await self._next()):
                    pass
            except Crashed as error:
                crash = error
            group.cancel_scope.cancel()
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
        for number, ticket in self._jobs.items():
            try:
                sealed = await _sealed(ticket.job, number)
            except wire.Unsendable as error:
                ticket.fail(error)
                continue
            with sealed:
                self._child.send(sealed)
            ticket.running = True
            self._open[number] = anyio.Event()
        if self._open:
            first = next(iter(self._jobs.values()))
            self._child.send(wire.seal(Letter(_go(first, self._need))))
        return bool(self._open)

    async def _watch(self, number: int, ticket: Ticket, answered: anyio.Event) -> None:
        """Stop a job when its time is up or nobody wants it any more; kill the child if it does not hear.

        While others of its batch are still wanted the child lives, and the job is only let go of.
        """
        with anyio.move_on_after(ticket.job.seconds) as clock:
            await ticket.stop.wait()
        if answered.is_set():
            return
        if clock.cancelled_caught:
            ticket.trouble = _overdue(ticket.job)
            ticket.stop.set()
        self._child.send(wire.seal(Letter({"op": "cancel", "id": number})))
        with anyio.move_on_after(self._grace):
            await answered.wait()
        if answered.is_set():
            return
        if all(self._jobs[other].stop.is_set() for other in self._open):
            self._child.kill()
        else:
            ticket.drop()

    def _hear(self, letter: Letter) -> bool:
        """Take one letter; returns whether more are to come. Raises Crashed where it is none that a child sends."""
        match letter.head:
            case {"op": "progress", "id": int(job), "fraction": float() | None as done, "note": str(note)}:
                if job in self._open and (done is None or 0 <= done <= 1):
                    _tell(self._jobs[job], done, note[:200])
            case {"op": "done" | "failed" | "stopped", "id": int(job)} if job in self._open:
                self._jobs[job].settle(letter)
                self._open.pop(job).set()
            case {"op": "over", "loaded": list(loaded)} if not self._open:
                self._on_loaded(dict(map(_loaded, loaded)))
                return False
            case _:
                raise Crashed("sent what is no answer")
        return True


def _tell(ticket: Ticket, done: float | None, note: str) -> None:
    """Pass progress on. A listener that fails has its job stopped and gets its own error back."""
    if ticket.stop.is_set():
        return
    try:
        ticket.on_progress(done, note)
    except Exception as error:  # noqa: BLE001 - raised again where the job was asked for
        ticket.trouble = error
        ticket.stop.set()


def _overdue(job: Job) -> DeadlineExceeded:
    words = f"The model “{job.model}” took longer than the {job.seconds:g} seconds it has for {job.type}."
    return DeadlineExceeded(words)


def _loaded(row: object) -> tuple[tuple[str, str], Need]:
    match row:
        case [str(type_), str(model), int(resident), int(working)]:
            return (type_, model), Need(resident, working)
        case _:
            raise Crashed("sent what is no answer")


async def _sealed(job: Job, number: int) -> Envelope:
    """Write the letter that adds a job; by a thread if it is big. Raises Unsendable."""
    inputs, blobs = wire.pack(job.inputs)
    letter = Letter({"op": "add", "id": number, "inputs": inputs}, blobs)
    big = sum(map(len, blobs)) > wire.BIG
    return await anyio.to_thread.run_sync(wire.seal, letter) if big else wire.seal(letter)


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

"""Who gets the next free slot: a bounded queue, fair between owners, that likes to use what is loaded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from core.contract import Card
from core.errors import NotAvailable, WorkerDied
from core.executors.slot import Slot
from core.executors.ticket import Ticket
from core.fairness import FairQueue

LOOKAHEAD = 16
"""Jobs in the order of their turns among which one is sought whose model is loaded already."""

PATIENCE = 4
"""Times that a job may be passed over for such a one."""

MANY = 16
"""Jobs for one quick model that run in two halves: while one runs, the other's answers are told."""

Fits = Callable[[Ticket, Slot], bool]
Quick = Callable[[Card], bool]


class JobQueue:
    """Hands free slots to those who wait: a job, and with it all that run the same model, up to its batch."""

    def __init__(self, slots: Sequence[Slot], size: int, fits: Fits, quick: Quick) -> None:
        """Let at most ``size`` wait. ``fits`` says whether a ticket's model has room on a slot's device.

        ``quick`` says whether a card's batch runs for a moment only, so that one more may lie ready behind it.
        """
        self._slots = slots
        self._fits = fits
        self._quick = quick
        self._waiting: FairQueue[Ticket] = FairQueue(size)
        self._closed = ""

    def __len__(self) -> int:
        return len(self._waiting)

    def __iter__(self) -> Iterator[Ticket]:
        """Yield those who wait, in the order of their turns."""
        return iter(self._waiting)

    def push(self, ticket: Ticket) -> None:
        """Let a job wait. Raises Busy; NotAvailable where no device has room for its model; WorkerDied once closed."""
        if self._closed:
            raise WorkerDied(self._closed)
        if self._slots and not any(self._fits(ticket, slot) for slot in self._slots):
            raise NotAvailable(f"The model “{ticket.job.model}” needs more memory than any device here has.")
        self._waiting.push(ticket.job.owner, ticket)

    def withdraw(self, ticket: Ticket) -> bool:
        """Take a job out of the queue; False when it does not wait any more."""
        return self._waiting.remove(ticket)

    def close(self, why: str) -> None:
        """Take no more jobs; those that wait fail."""
        self._closed = why
        while len(self._waiting):
            self._waiting.pop().end(WorkerDied(why))

    def idle(self, ticket: Ticket) -> bool:
        """Whether nobody waits and a slot has nothing to do, so that a job of little urgency is in nobody's way."""
        return not len(self._waiting) and any(not slot.taken and self._fits(ticket, slot) for slot in self._slots)

    def move_up(self) -> list[tuple[Slot, list[Ticket]]]:
        """Take out who goes now, with the slot that is theirs; those slots are taken from here on."""
        going = []
        while (pair := self._next()) is not None:
            ticket, slot = pair
            going.append((slot, self._take(slot, self._half(self._batch(ticket)))))
        going.extend((slot, self._take(slot, batch)) for slot in self._slots if (batch := self._ahead(slot)))
        return going

    def _take(self, slot: Slot, batch: list[Ticket]) -> list[Ticket]:
        slot.take(batch)
        for one in batch:
            self._waiting.take(one)
        return batch

    def _half(self, batch: list[Ticket]) -> list[Ticket]:
        if len(batch) >= MANY and self._quick(batch[0].card):
            return batch[: (len(batch) + 1) // 2]
        return batch

    def _ahead(self, slot: Slot) -> list[Ticket]:
        """Return what may lie ready behind a slot's quick batch: more of the same, if it is next and worth it.

        The child takes it up without waiting for the bot, which tells the answers before meanwhile.
        """
        first = next(iter(self._waiting), None)
        if first is None or not (running := slot.at_work(first.card)) or not self._quick(first.card):
            return []
        batch = self._batch(first)
        return batch if first.op == "run" and 2 * len(batch) >= running else []

    def _next(self) -> tuple[Ticket, Slot] | None:
        """Return the job whose turn it is, and the best slot for it.

        A job behind may go first if its model is loaded where there is room and that of those before it is not.
        """
        usable = [slot for slot in self._slots if slot.usable]
        passed: list[tuple[Ticket, Slot]] = []
        for ticket in islice(self._waiting, LOOKAHEAD) if usable else ():
            fitting = [slot for slot in usable if self._fits(ticket, slot)]
            if not fitting:
                continue
            slot = max(fitting, key=lambda slot: (ticket.card.key in slot.loaded, -slot.filled))
            if ticket.card.key in slot.loaded:
                for other, _ in passed:
                    other.passed_over += 1
                return ticket, slot
            if ticket.passed_over >= PATIENCE:
                return ticket, slot
            passed.append((ticket, slot))
        return passed[0] if passed else None

    def _batch(self, first: Ticket) -> list[Ticket]:
        """Return ``first`` and the jobs that run along with it."""
        most = first.card.make.batch
        if most == 1 or first.op != "run":
            return [first]
        same = (one for one in self._waiting if one is not first and one.op == "run" and one.card == first.card)
        return [first, *islice(same, most - 1)]

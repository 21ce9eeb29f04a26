"""Who gets the next free slot: a bounded queue, fair between owners."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import anyio

from core.executors.slot import Slot
from core.fairness import FairQueue


@dataclass(slots=True, eq=False)
class _Ticket:
    """One job that waits."""

    wants: tuple[str, str]  # (task type, model)
    slot: Slot | None = None
    called: anyio.Event = field(default_factory=anyio.Event)


class Line:
    """Hands free slots to those who wait."""

    def __init__(self, slots: Sequence[Slot], size: int) -> None:
        """Let at most ``size`` wait."""
        self._slots = slots
        self._waiting: FairQueue[_Ticket] = FairQueue(size)

    def __len__(self) -> int:
        return len(self._waiting)

    @asynccontextmanager
    async def slot(self, owner: str, wants: tuple[str, str]) -> AsyncIterator[Slot]:
        """Wait for a slot and hold it: one that has the model loaded where there is a choice. Raises Busy."""
        ticket = _Ticket(wants)
        self._waiting.push(owner, ticket)
        self.move_up()
        try:
            await ticket.called.wait()
            assert ticket.slot is not None  # noqa: S101 - who is called has one
            yield ticket.slot
        finally:
            if ticket.slot is None:
                self._waiting.remove(ticket)
            else:
                ticket.slot.taken = False
                self.move_up()

    def move_up(self) -> None:
        """Give every usable slot to the next who waits."""
        while len(self._waiting) and (usable := [slot for slot in self._slots if slot.usable]):
            ticket = self._waiting.pop()
            ticket.slot = max(usable, key=lambda slot: ticket.wants in slot.loaded)
            ticket.slot.taken = True
            ticket.called.set()

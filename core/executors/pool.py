"""The executor of this machine: jobs run in child processes, one job at a time in each."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Self

import anyio
import structlog

from core import errors
from core.errors import ExpertFailed, JarvisError, NotAvailable
from core.executors import wire
from core.executors.check import checked
from core.executors.line import Line
from core.executors.process import ForkServer, Settings
from core.executors.slot import Slot, SlotStatus
from core.executors.wire import Garbled, Letter
from core.ports import Job, Offer, OnProgress
from core.registry import Card, Registry
from core.types import Place, Value

log = structlog.get_logger()

_EXPERTS_SAY = {
    kind.__name__: kind
    for kind in (errors.BadInput, errors.Busy, errors.DeadlineExceeded, errors.ExpertFailed, errors.NotAvailable)
}
"""The errors a child may speak of; others are none of its business."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolStatus:
    """How an executor is."""

    slots: tuple[SlotStatus, ...]
    waiting: int  # jobs in the queue

    @property
    def ready(self) -> bool:
        """Whether all children live."""
        return all(slot.pid is not None for slot in self.slots)


class Pool(anyio.AsyncContextManagerMixin):
    """Runs the experts of one place. Use it as a context: that starts the children and ends them.

    A model that crashes, hangs or eats all memory costs its child and its job, never the bot. Needs Linux.
    """

    def __init__(  # noqa: PLR0913 - each has its reason and its default
        self,
        registry: Registry,
        *,
        place: Place = Place.EMBEDDED,
        package: str = "core.experts",
        slots: int = 1,
        queue: int = 256,
        grace: float = 2.0,
        models: int = 8,
        memory: int | None = None,
    ) -> None:
        """Offer what ``registry``, discovered in ``package``, has for ``place`` and is installed.

        At most ``queue`` jobs wait. A job that ignores a cancel for ``grace`` seconds is killed. Each child keeps at
        most ``models`` models and ``memory`` bytes of them loaded.
        """
        here = [card for card in registry.cards if card.place is place and not card.missing()]
        self._cards = {(card.type.name, card.model.id): card for card in here}
        self._settings = Settings(
            package=package,
            preload=tuple(sorted({need for card in here for need in card.model.needs})),
            workers=slots,
            models=models,
            memory=memory,
        )
        self._queue = queue
        self._grace = grace
        self._slots: tuple[Slot, ...] = ()
        self._line = Line((), 0)  # before the start, everything is too much

    @asynccontextmanager
    async def __asynccontextmanager__(self) -> AsyncGenerator[Self]:
        try:
            async with anyio.create_task_group() as tasks:
                server = ForkServer(self._settings, tasks)
                self._slots = tuple(Slot(server, self._move_up, self._grace) for _ in range(self._settings.workers))
                self._line = Line(self._slots, self._queue)
                for slot in self._slots:
                    tasks.start_soon(slot.keep)
                try:
                    yield self
                finally:
                    for slot in self._slots:
                        slot.shut()
                    tasks.cancel_scope.cancel()
        except BaseExceptionGroup as raised:
            # What keeps the children never raises, so this is what the user of the pool raised.
            raise raised.exceptions[0] from None

    async def ready(self) -> None:
        """Wait until all children live. Raises WorkerDied when none can be made."""
        for slot in self._slots:
            await slot.ready()

    def status(self) -> PoolStatus:
        """Return what the slots do, for the doctor and the figures."""
        return PoolStatus(slots=tuple(slot.status() for slot in self._slots), waiting=len(self._line))

    def offers(self) -> list[Offer]:
        loaded = {key for slot in self._slots for key in slot.loaded}
        return [
            Offer(type=key[0], model=card.model, place=card.place, ready=key in loaded)
            for key, card in self._cards.items()
        ]

    async def run(self, job: Job, on_progress: OnProgress) -> Mapping[str, Value]:
        card = self._card(job.type, job.model)
        async with self._line.slot(job.owner, (job.type, job.model)) as slot:
            answer = await slot.run(job, on_progress)
        return checked(card, _outputs(card, answer))

    async def warm(self, type: str, model: str) -> None:  # noqa: A002 - the field's word
        if any((type, model) in slot.loaded for slot in self._slots):
            return
        try:
            card = self._card(type, model)
            job = Job(id="warm", type=type, model=model, inputs={}, seconds=card.type.seconds)
            async with self._line.slot(job.owner, (type, model)) as slot:
                _outputs(card, await slot.run(job, lambda *_: None, op="load"))
        except JarvisError as error:
            log.warning("executor.not_warm", type=type, model=model, why=error.message)

    def _card(self, type_: str, model: str) -> Card:
        card = self._cards.get((type_, model))
        if card is None:
            raise NotAvailable(f"The model “{model}” for {type_} cannot run here.")
        return card

    def _move_up(self) -> None:
        self._line.move_up()


def _outputs(card: Card, answer: Letter) -> dict[str, Value]:
    """Read a child's answer. Raises the error it speaks of."""
    match answer.head:
        case {"op": "done", "outputs": dict(outputs)}:
            try:
                return wire.unpack(outputs, answer.blobs)
            except Garbled:
                raise ExpertFailed(f"The model “{card.model.id}” gave something that is no result.") from None
        case {"op": "failed", "error": str(name), "words": str(words)}:
            if trace := answer.head.get("trace"):
                log.error("executor.expert_failed", type=card.type.name, model=card.model.id, exception=str(trace))
            raise _EXPERTS_SAY.get(name, ExpertFailed)(words[:2000])
        case _:
            raise ExpertFailed(f"The model “{card.model.id}” stopped without a result.")

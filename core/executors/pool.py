"""The executor of this machine: jobs run in child processes, each on a device of its own, one batch at a time."""

from __future__ import annotations

import math
from collections.abc import AsyncGenerator, Collection, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Self

import anyio
import structlog
from anyio.abc import TaskGroup
from anyio.lowlevel import checkpoint

from core import errors
from core.contract import Card, Model
from core.errors import ExpertFailed, Faulty, JarvisError, NotAvailable
from core.executors import positions, wire
from core.executors.check import checked
from core.executors.device import Device, FindDevices
from core.executors.pace import Pace
from core.executors.process import ForkServer, Settings
from core.executors.queue import JobQueue
from core.executors.sizes import Sizes
from core.executors.slot import SHUTTING, Slot, SlotStatus
from core.executors.stock import EVERYTHING, Stock
from core.executors.ticket import Ticket
from core.executors.wire import Garbled, Letter
from core.ports import Job, Offer, OnProgress
from core.registry import EXPERTS, Registry
from core.types import Place, Value

log = structlog.get_logger()

_EXPERTS_SAY = {
    kind.__name__: kind
    for kind in (
        errors.BadInput,
        errors.Busy,
        errors.DeadlineExceeded,
        errors.ExpertFailed,
        errors.Faulty,
        errors.NotAvailable,
        errors.OutOfMemory,
        errors.Unsuited,
    )
}
"""The errors a child may speak of; others are none of its business."""


QUICK = 0.05
"""Seconds: batches that take less may be asked for before the child is free."""

GATHERING = 3
"""Turns of the event loop that a free slot waits for company: a fraction of a millisecond."""


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
        types: Collection[str] | None = None,
        packages: Sequence[str] = EXPERTS,
        preload: Sequence[str] = (),
        slots: int = 1,
        devices: Sequence[Device] | FindDevices | None = None,
        queue: int = 256,
        grace: float = 2.0,
        models: int = 8,
        stock: Stock = EVERYTHING,
        sizes: Path | None = None,
        environment: Mapping[str, str] = MappingProxyType({}),
        network: bool = False,
    ) -> None:
        """Offer what ``registry``, discovered in ``packages``, has for ``place`` and ``types`` and is installed.

        There is a child on each of ``devices``, which may be looked for once the pool is entered; else ``slots``
        children on the processor, without a bound to their memory. At most ``queue`` jobs wait. A job that ignores a
        cancel for ``grace`` seconds is killed. Each child keeps at most ``models`` models loaded, within its device's
        memory; what they were measured to take is kept in the file ``sizes``. ``stock`` knows which weights are here.
        Children know of the bot's environment what is harmless, and ``environment``; with ``network`` its proxies, too.
        """
        here = [card for card in registry.cards if card.place is place and (types is None or card.type.name in types)]
        self._cards = {card.key: card for card in here if not card.missing()}
        needs = {need for card in self._cards.values() for need in (*card.model.needs, *card.make.needs)}
        self._devices = [Device()] * slots if devices is None else devices
        self._packages = tuple(packages)
        self._preload = (*preload, *sorted(needs))
        self._models = models
        self._environment = tuple(environment.items())
        self._network = network
        self._queue_size = queue
        self._grace = grace
        self._stock = stock
        self._sizes = Sizes(sizes)
        self._pace = Pace()
        self._fit = {key: partial(card.make.fit, card.model) for key, card in self._cards.items()}
        self._fetching: set[tuple[str, str]] = set()
        self._offered: dict[tuple[str, str], Model] = {}  # models at the revisions that are here
        self._slots: tuple[Slot, ...] = ()
        self._queue = JobQueue((), 0, self._fits, self._is_quick)
        self._opened = anyio.Event()
        self._waiting = anyio.Event()  # set when somebody came to wait
        self._tasks: TaskGroup | None = None
        self._moving = False  # somebody looks already who may move up
        self._together = False  # several jobs were in the last batch: answered together, they come together again

    @asynccontextmanager
    async def __asynccontextmanager__(self) -> AsyncGenerator[Self]:
        try:
            async with anyio.create_task_group() as tasks:
                self._tasks = tasks
                tasks.start_soon(self._tell_places)
                if callable(self._devices):
                    tasks.start_soon(self._look, self._devices)
                else:
                    self._open(self._devices)
                try:
                    yield self
                finally:
                    self._close()
                    tasks.cancel_scope.cancel()
        except BaseExceptionGroup as raised:
            # What keeps the children never raises, so this is what the user of the pool raised.
            raise raised.exceptions[0] from None

    async def _look(self, find: FindDevices) -> None:
        devices = await find()
        log.info("executor.devices", devices=[f"{device.name} {device.title}".strip() for device in devices])
        self._open(devices)

    def _open(self, devices: Sequence[Device]) -> None:
        """Start a child on each device."""
        assert self._tasks is not None  # noqa: S101 - the pool was entered
        settings = Settings(
            packages=self._packages,
            preload=self._preload,
            workers=max(1, len(devices)),
            models=self._models,
            environment=self._environment,
            network=self._network,
        )
        server = ForkServer(settings, self._tasks)
        self._slots = tuple(Slot(server, device, self._move_up, self._grace) for device in devices)
        self._queue = JobQueue(self._slots, self._queue_size, self._fits, self._is_quick)
        for slot in self._slots:
            self._tasks.start_soon(slot.keep)
        if not devices:
            self._queue.close("There is no device here that could run models.")
        self._opened.set()

    def _close(self) -> None:
        self._queue.close(SHUTTING)
        for slot in self._slots:
            slot.shut()
        self._tasks = None
        self._opened.set()

    async def ready(self) -> None:
        """Wait until all children live. Raises WorkerDied when none can be made."""
        await self._opened.wait()
        for slot in self._slots:
            await slot.ready()

    def status(self) -> PoolStatus:
        """Return what the slots do, for the doctor and the figures."""
        return PoolStatus(slots=tuple(slot.status() for slot in self._slots), waiting=len(self._queue))

    def renew(self, cards: Iterable[Card]) -> None:
        """Offer these cards in place of those so far; they are of this place, and can run. Jobs under way go on.

        Children need no telling: what they must know of a model comes with its jobs.
        """
        self._cards = {card.key: card for card in cards}
        self._fit = {key: partial(card.make.fit, card.model) for key, card in self._cards.items()}
        self._offered.clear()

    def wait(self) -> float:
        """Return the seconds that a job given now is expected to wait for its turn."""
        return self._wait_behind(self._queue)

    def seconds(self, type: str, model: str) -> float | None:  # noqa: A002 - the field's word
        """Return how long a run of a model takes here, waiting left out; None where it never ran."""
        return self._pace.seconds((type, model))

    def offers(self) -> list[Offer]:
        loaded, wait = {key for slot in self._slots for key in slot.loaded}, self.wait()
        return [
            Offer(
                type=key[0],
                model=self._model(card),
                place=card.place,
                ready=key in loaded,
                present=self._stock.present(card.model),
                fit=self._fit[key],
                easy=self._is_easy(card),
                wait=wait,
                seconds=self.seconds(*key),
            )
            for key, card in self._cards.items()
            if self._has_room(card) and self._stock.obtainable(card.model)
        ]

    async def run(self, job: Job, on_progress: OnProgress) -> Mapping[str, Value]:
        card = self._card(job.type, job.model)
        if job.revision or job.trusted:
            revision, pickled = job.revision or card.model.revision, job.trusted or card.model.pickled
            card = replace(card, model=replace(card.model, revision=revision, pickled=pickled))
        await self._stock.ensure(card.model, on_progress)
        answer = await self._through(Ticket(job, card, on_progress))
        return checked(card, _outputs(card, answer))

    async def warm(self, type: str, model: str) -> None:  # noqa: A002 - the field's word
        try:
            card = self._card(type, model)
            if not self._stock.present(card.model):
                self._fetch(card)
                return
            job = Job(id="warm", type=type, model=model, inputs={}, seconds=card.type.seconds)
            ticket = Ticket(job, card, _quiet, op="load")
            if not any(card.key in slot.loaded for slot in self._slots) and self._queue.idle(ticket):
                _outputs(card, await self._through(ticket))
        except JarvisError as error:
            log.info("executor.not_warmed", type=type, model=model, why=error.message)

    def _fetch(self, card: Card) -> None:
        """Fetch a model's weights, whoever goes on waiting for it or not."""
        if self._tasks is not None and card.key not in self._fetching:
            self._fetching.add(card.key)
            self._tasks.start_soon(self._fetched, card)

    async def _fetched(self, card: Card) -> None:
        try:
            await self._stock.ensure(card.model, _quiet)
        except JarvisError as error:
            log.info("executor.not_fetched", model=card.model.id, why=error.message)
        finally:
            self._fetching.discard(card.key)

    async def _through(self, ticket: Ticket) -> Letter:
        """Have a job done. Cancelled, this returns when the job has stopped."""
        if self._tasks is not None and not self._opened.is_set():
            await self._opened.wait()
        if len(self._queue) == self._queue_size:
            self._hand_out()  # there may be slots that only wait for company
        self._queue.push(ticket)
        self._move_up()
        if len(self._queue):
            self._waiting.set()
        try:
            await ticket.over.wait()
        except BaseException:
            await self._withdraw(ticket)
            raise
        return ticket.outcome()

    async def _withdraw(self, ticket: Ticket) -> None:
        """Have a job stopped, wherever it is. A model that is loading already goes on: it will be of use."""
        if ticket.op == "load" and ticket.running:
            return
        ticket.stop()
        if self._queue.withdraw(ticket) or not ticket.running:
            ticket.drop()
        with anyio.CancelScope(shield=True):
            await ticket.over.wait()

    def _move_up(self) -> None:
        """Give free slots to those who wait; one who is alone need not wait for company."""
        if self._tasks is None or self._moving or not len(self._queue):
            return
        if len(self._queue) == 1 and not self._together and any(slot.usable for slot in self._slots):
            self._hand_out()
        else:
            self._moving = True
            self._tasks.start_soon(self._moved_up)

    async def _moved_up(self) -> None:
        """Wait for those who come at this very moment, to run together: answered together, they ask together."""
        for _ in range(GATHERING):
            await checkpoint()
        self._moving = False
        self._hand_out()

    def _hand_out(self) -> None:
        if self._tasks is None:
            return
        for slot, batch in self._queue.move_up():
            self._together = len(batch) > 1
            self._tasks.start_soon(self._work, slot, batch)
            for ticket in batch:
                positions.go(ticket)

    async def _tell_places(self) -> None:
        """Tell those who wait for long where they stand, until cancelled."""
        while True:
            await self._waiting.wait()
            self._waiting = anyio.Event()
            while len(self._queue):
                await anyio.sleep(positions.TELL_SECONDS)
                positions.tell(self._queue, self._wait_behind)

    def _wait_behind(self, tickets: Iterable[Ticket]) -> float:
        return self._pace.wait(len(self._slots) or 1, ((one.card.key, one.card.make.batch) for one in tickets))

    async def _work(self, slot: Slot, batch: Sequence[Ticket]) -> None:
        card = batch[0].card
        with self._pace.run(card.key, slot) as run:
            await slot.work(batch, self._sizes.of(card, slot.device.sort))
            if any(ticket.done for ticket in batch):
                run.succeed()
        for key, need in slot.loaded.items():
            if (held := self._cards.get(key)) is not None:
                self._sizes.note(held, slot.device.sort, need)

    def _model(self, card: Card) -> Model:
        """Return a card's model at the revision that is here."""
        revision = self._stock.revision(card.model)
        if (model := self._offered.get(card.key, card.model)).revision != revision:
            model = self._offered[card.key] = replace(model, revision=revision)
        return model

    def _fits(self, ticket: Ticket, slot: Slot) -> bool:
        return self._fits_on(ticket.card, slot.device)

    def _is_quick(self, card: Card) -> bool:
        """Whether a batch of a card's takes about as long as talking about it."""
        return card.make.batch > 1 and (self._pace.seconds(card.key) or math.inf) < QUICK

    def _fits_on(self, card: Card, device: Device) -> bool:
        need = self._sizes.of(card, device.sort)
        return need is None or device.memory is None or need.total <= device.memory

    def _has_room(self, card: Card) -> bool:
        """Whether some device has room for a model; before the devices are known, that is hoped."""
        if not self._opened.is_set():
            return True
        return any(self._fits_on(card, slot.device) for slot in self._slots)

    def _is_easy(self, card: Card) -> bool:
        """Whether some device runs a model with ease; of one that was downloaded and has no known size nobody knows."""
        if card.place is Place.EMBEDDED:
            return True
        needs = ((self._sizes.of(card, slot.device.sort), slot.device) for slot in self._slots)
        return any(need is not None and need.total <= device.ease for need, device in needs)

    def _card(self, type_: str, model: str) -> Card:
        try:
            return self._cards[type_, model]
        except KeyError:
            raise NotAvailable(f"The model “{model}” cannot run {type_} here.") from None


def _quiet(_fraction: float | None, _note: str) -> None:
    """Take no notice of progress."""


def _outputs(card: Card, answer: Letter) -> Mapping[str, Value]:
    """Read a child's answer. Raises what the expert raised, or ExpertFailed."""
    match answer.head:
        case {"op": "done", "outputs": str(outputs)}:
            try:
                return wire.unpack(outputs, answer.blobs)
            except Garbled:
                raise Faulty(f"The model “{card.model.id}” gave something that is no result.") from None
        case {"op": "failed", "error": str(kind), "words": str(words), **rest}:
            if trace := rest.get("trace"):
                log.error("expert.failed", type=card.type.name, model=card.model.id, exception=str(trace))
            raise _EXPERTS_SAY.get(kind, ExpertFailed)(words)
        case _:  # stopped, though nobody asked it to
            raise Faulty(f"The model “{card.model.id}” gave up on this.")

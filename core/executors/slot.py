"""One place on a device for one batch at a time: keeps a child alive and has it work."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import anyio
import structlog

from core.contract import Card
from core.errors import NotAvailable, WorkerDied, words_for
from core.executors.device import Device
from core.executors.process import Child, Crashed, ForkServer
from core.executors.sizes import Need
from core.executors.talk import Loaded, Talk
from core.executors.ticket import Ticket

log = structlog.get_logger()

SHUTTING = "JARVIS is shutting down, so this was not finished."

_NO_ROOM = "This machine could not take it just now: it is short of memory, disk or open files."

TRIES = 2
"""Children that a job may be lost with before it is given up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotStatus:
    """What a slot does now."""

    device: Device
    pid: int | None  # None while its child is being replaced
    running: str | None  # task type of the batch
    jobs: int  # in the batch
    loaded: tuple[tuple[str, str], ...]  # (task type, model)
    bytes: int  # that the loaded models take, as far as known
    ran: int  # jobs given to children since the start
    loads: int  # times that a model had to be loaded for them
    deaths: int  # children lost since the start


class Slot:
    """A child process and the batch in it. When the child dies, the next one is made at once."""

    def __init__(self, server: ForkServer, device: Device, on_change: Callable[[], None], grace: float) -> None:
        """Call ``on_change`` whenever :attr:`usable` may have changed; kill what ignores a cancel for ``grace`` s."""
        self.device = device
        self.loaded: Loaded = {}
        self._server = server
        self._on_change = on_change
        self._grace = grace
        self._child: Child | None = None
        self._trouble = ""  # why there is no child, and none to come soon
        self._changed = anyio.Event()
        self._jobs = 0  # given to children so far; the newest one's number
        self._loads = 0
        self._batches: list[Sequence[Ticket]] = []  # the one at work, and one that is next
        self._deaths = 0

    @property
    def taken(self) -> bool:
        """Whether it has a batch."""
        return bool(self._batches)

    @property
    def usable(self) -> bool:
        """Whether a job given now is taken up at once: it runs, or it hears what the trouble is."""
        return not self.taken and (self._child is not None or bool(self._trouble))

    def at_work(self, card: Card) -> int:
        """Return how many jobs for ``card`` are at work, if more may lie ready behind them; else 0."""
        if len(self._batches) != 1 or self._child is None or self._child.doomed:
            return 0
        batch = self._batches[0]
        return len(batch) if batch[0].op == "run" and batch[0].card == card else 0

    @property
    def filled(self) -> int:
        """Bytes of loaded models, as far as known."""
        return sum(need.resident for need in self.loaded.values())

    def status(self) -> SlotStatus:
        """Return what it does now."""
        return SlotStatus(
            device=self.device,
            pid=self._child.pid if self._child else None,
            running=self._batches[0][0].job.type if self._batches else None,
            jobs=sum(map(len, self._batches)),
            loaded=tuple(sorted(self.loaded)),
            bytes=self.filled,
            ran=self._jobs,
            loads=self._loads,
            deaths=self._deaths,
        )

    async def ready(self) -> Child:
        """Wait for a living child. Raises WorkerDied when none can be made."""
        while self._child is None:
            if self._trouble:
                raise WorkerDied(self._trouble)
            await self._changed.wait()
        return self._child

    def take(self, batch: Sequence[Ticket]) -> None:
        """Keep the slot for a batch; from here on it is the batch's."""
        self._batches.append(batch)

    async def work(self, batch: Sequence[Ticket], need: Need | None) -> None:
        """Bring each job of a batch to its end, for a slot that was taken for it. Never raises."""
        try:
            await self._work(batch, need)
        except OSError as error:  # no traceback: for that, files would have to be opened
            for ticket in batch:
                ticket.fail(NotAvailable(_NO_ROOM))
            log.error("executor.no_room", why=str(error))  # noqa: TRY400
        except Exception as error:
            log.exception("executor.slot", type=batch[0].job.type)
            for ticket in batch:
                ticket.fail(error)
        finally:
            self._batches.remove(batch)  # before anybody is told: the next job may be here at once
            for ticket in batch:
                ticket.end(WorkerDied(self._trouble or SHUTTING))
            self._on_change()

    async def _work(self, batch: Sequence[Ticket], need: Need | None) -> None:
        """Try until every job has ended; after a crash one by one, so that who is to blame harms nobody else."""
        together = True
        while rest := [ticket for ticket in batch if not ticket.ended]:
            now = rest if together else rest[:1]
            try:
                child = await self.ready()
            except WorkerDied as error:
                for ticket in rest:
                    ticket.fail(error)
                return
            talk = self._talk(child, now, need)
            try:
                await talk.run()
            except Crashed as crash:
                self._lose(child)
                await self._gone(child)
                together &= not talk.begun
                for ticket in now:
                    _lost(ticket, crash, blamed=talk.begun)
                for ticket in batch:
                    if ticket.ended:
                        ticket.release()  # it need not wait for the others' second tries

    def _talk(self, child: Child, tickets: Sequence[Ticket], need: Need | None) -> Talk:
        jobs: Mapping[int, Ticket] = dict(enumerate((t for t in tickets if not t.ended), start=self._jobs + 1))
        self._jobs += len(jobs)
        self._loads += tickets[0].card.key not in self.loaded

        def note(loaded: Loaded) -> None:
            if self._child is child:
                self.loaded = loaded

        return Talk(child, jobs, need=need, grace=self._grace, on_loaded=note)

    async def keep(self) -> None:
        """Have a living child at all times, until cancelled."""
        fruitless = 0  # children in a row that could not be made, or were gone at once
        while True:
            try:
                child = await self._server.child(self.device.name, self.device.memory)
            except Exception as error:  # whatever it is: jobs are told, and the bot lives on
                log.exception("executor.no_child")
                self._become(None, words_for(error))
                fruitless += 1
            else:
                fruitless = 0 if await self._mind(child) else fruitless + 1
            await anyio.sleep(0.0 if fruitless < 2 else min(0.05 * 2**fruitless, 10.0))

    async def _mind(self, child: Child) -> bool:
        """Offer a child for work until it is gone; returns whether it had any."""
        before = self._jobs
        try:
            self._become(child)
            await child.gone.wait()
            self._deaths += 1
            log.warning("executor.child_died", pid=child.pid, code=child.code)
        finally:
            self._lose(child)
            with anyio.CancelScope(shield=True):
                async with child.asking:
                    await child.heard.wait()  # a batch may be reading its last words
                    child.close()
        return self._jobs > before

    def shut(self) -> None:
        """Take no more jobs; the running ones end with their child."""
        if self._child:
            self._lose(self._child)
        self._become(None, SHUTTING)

    def _become(self, child: Child | None, trouble: str = "") -> None:
        self._child, self._trouble, self.loaded = child, trouble, {}
        self._changed.set()
        self._changed = anyio.Event()
        self._on_change()

    def _lose(self, child: Child) -> None:
        child.kill()
        if self._child is child:
            self._become(None)

    async def _gone(self, child: Child) -> None:
        """Wait for the end of a child that was killed: whoever stopped a job finds nothing of it running."""
        with anyio.move_on_after(2):
            await child.gone.wait()


def _lost(ticket: Ticket, crash: Crashed, *, blamed: bool) -> None:
    """Note that a job's child is gone: whoever was stopped has its end, the others may try again.

    Those that it had not come to yet are not ``blamed``.
    """
    job = ticket.job
    ticket.running = False
    if ticket.stopped:
        ticket.drop()
        return
    if ticket.ended or not blamed:
        return
    ticket.attempts += 1
    log.warning("executor.crashed", type=job.type, model=job.model, attempt=ticket.attempts, how=str(crash))
    if ticket.attempts >= TRIES:
        ticket.fail(WorkerDied(f"The model “{job.model}” crashed on this, and again when I tried once more."))

"""One place for one job at a time: keeps a child alive and runs jobs in it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass

import anyio
import structlog

from core.errors import DeadlineExceeded, WorkerDied, words_for
from core.executors import wire
from core.executors.process import Child, Crashed, ForkServer
from core.executors.wire import Envelope, Letter
from core.ports import Job, OnProgress

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotStatus:
    """What a slot does now."""

    pid: int | None  # None while its child is being replaced
    running: str | None  # task type of the job
    loaded: tuple[tuple[str, str], ...]  # (task type, model)
    deaths: int  # children lost since the start


class Slot:
    """A child process and the job in it. When the child dies, the next one is made at once."""

    def __init__(self, server: ForkServer, on_change: Callable[[], None], grace: float) -> None:
        """Call ``on_change`` whenever :attr:`usable` may have changed; kill what ignores a cancel for ``grace`` s."""
        self.taken = False
        self.loaded: frozenset[tuple[str, str]] = frozenset()
        self._server = server
        self._on_change = on_change
        self._grace = grace
        self._child: Child | None = None
        self._trouble = ""  # why there is no child, and none to come soon
        self._changed = anyio.Event()
        self._talking = anyio.Lock()
        self._jobs = 0  # given to children so far; the newest one's number
        self._running: str | None = None
        self._deaths = 0

    @property
    def usable(self) -> bool:
        """Whether a job given now is taken up at once: it runs, or it hears what the trouble is."""
        return not self.taken and (self._child is not None or bool(self._trouble))

    def status(self) -> SlotStatus:
        """Return what it does now."""
        pid = self._child.pid if self._child else None
        return SlotStatus(pid=pid, running=self._running, loaded=tuple(sorted(self.loaded)), deaths=self._deaths)

    async def ready(self) -> Child:
        """Wait for a living child. Raises WorkerDied when none can be made."""
        while self._child is None:
            if self._trouble:
                raise WorkerDied(self._trouble)
            await self._changed.wait()
        return self._child

    async def run(self, job: Job, on_progress: OnProgress, op: str = "run") -> Letter:
        """Return the child's answer, ``done``, ``failed`` or ``stopped``. If the child dies, the next one tries again.

        Raises DeadlineExceeded or WorkerDied. Cancelled, it returns when the job has stopped.
        """
        self._running = job.type
        try:
            for attempt in (1, 2):
                child = await self.ready()
                try:
                    async with self._talking:
                        return await self._attempt(child, job, on_progress, op)
                except Crashed as crash:
                    self._lose(child)
                    log.warning("executor.crashed", type=job.type, model=job.model, attempt=attempt, how=str(crash))
        finally:
            self._running = None
        raise WorkerDied(self._trouble or f"The model “{job.model}” crashed on this, and again when I tried once more.")

    async def keep(self) -> None:
        """Have a living child at all times, until cancelled."""
        fruitless = 0  # children in a row that could not be made, or were gone at once
        while True:
            try:
                child = await self._server.child()
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
                async with self._talking:  # a job may be reading its last words
                    child.close()
        return self._jobs > before

    def shut(self) -> None:
        """Take no more jobs; the running one ends with its child."""
        if self._child:
            self._lose(self._child)
        self._become(None, "JARVIS is shutting down, so this was not finished.")

    def _become(self, child: Child | None, trouble: str = "") -> None:
        self._child, self._trouble, self.loaded = child, trouble, frozenset()
        self._changed.set()
        self._changed = anyio.Event()
        self._on_change()

    def _lose(self, child: Child) -> None:
        child.kill()
        if self._child is child:
            self._become(None)

    async def _attempt(self, child: Child, job: Job, on_progress: OnProgress, op: str) -> Letter:
        self._jobs = number = self._jobs + 1
        with await _seal(job, op, number) as sealed:
            child.send(sealed)
        try:
            with anyio.fail_after(job.seconds):
                return await self._answer(child, number, on_progress)
        except Crashed:
            raise
        except TimeoutError:
            await self._stop(child, number)
            raise DeadlineExceeded(
                f"The model “{job.model}” took longer than the {job.seconds:g} seconds it has for {job.type}."
            ) from None
        except BaseException:  # cancelled, or on_progress failed
            await self._stop(child, number)
            raise

    async def _answer(self, child: Child, number: int, on_progress: OnProgress) -> Letter:
        """Listen until the job's end. Raises Crashed."""
        while True:
            letter = await child.receive()
            match letter.head:
                case {"op": "progress", "id": int(job), "fraction": float() | None as done, "note": str(note)}:
                    if job == number and (done is None or 0 <= done <= 1):
                        on_progress(done, note[:200])
                case {"op": "done" | "failed" | "stopped", "id": int(job), "loaded": list(loaded)} if job == number:
                    self.loaded = frozenset(map(_pair, loaded))
                    return letter
                case _:
                    raise Crashed("sent what is no answer")

    async def _stop(self, child: Child, number: int) -> None:
        """Ask the job to stop; kill its child if it does not within the grace."""
        with anyio.CancelScope(shield=True):
            with contextlib.suppress(Crashed), anyio.move_on_after(self._grace):
                child.send(wire.seal(Letter({"op": "cancel", "id": number})))
                await self._answer(child, number, lambda *_: None)
                return
            self._lose(child)
            with anyio.move_on_after(2):
                await child.gone.wait()


def _pair(names: object) -> tuple[str, str]:
    match names:
        case [str(type_), str(model)]:
            return type_, model
        case _:
            raise Crashed("sent what is no answer")


async def _seal(job: Job, op: str, number: int) -> Envelope:
    """Write the letter that asks for a job; by a thread if it is big."""
    inputs, blobs = wire.pack(job.inputs)
    letter = Letter({"op": op, "id": number, "type": job.type, "model": job.model, "inputs": inputs}, blobs)
    big = sum(map(len, blobs)) > wire.BIG
    return await anyio.to_thread.run_sync(wire.seal, letter) if big else wire.seal(letter)

"""A worker at work in a small house: a platform that is a list of messages, a scripted mind, functions as experts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import anyio

from adapters.base import Capabilities
from bot.answering import Desk
from bot.concierge import Concierge
from bot.reception import Reception
from bot.worker import Worker
from core.errors import Away
from core.events import Trace
from core.limits import Limits
from core.stages.approval import ANYTHING, Allowance
from core.types import Mode, Request
from storage.memory import MemoryStore
from tests.adapters.rooms import concierge
from tests.fakes import TOYS, FunctionExecutor, Piece, ScriptedController, mind
from tests.stores import AnyStore


@dataclass
class Wall:
    """A platform that is a list of messages."""

    platform: str = "test"
    capabilities: Capabilities = field(
        default_factory=lambda: Capabilities(text_chars=2000, file_bytes=1, files=1, edits_per_second=1000)
    )
    opened: list[str] = field(default_factory=list)
    shown: list[Trace] = field(default_factory=list)
    final: dict[str, Trace] = field(default_factory=dict)
    slow: float = 0.0
    broken: int = 0  # how many times finishing fails
    away: int = 0  # how many times it does not answer at all

    async def open(self, request: Request) -> str:
        await anyio.sleep(self.slow)
        self._answers()
        self.opened.append(request.id)
        return request.id

    async def show(self, request: Request, handle: str, trace: Trace) -> None:
        await anyio.sleep(self.slow)
        self.shown.append(trace)

    async def finish(self, request: Request, handle: str, trace: Trace) -> str:
        self._answers()
        if self.broken:
            self.broken -= 1
            raise ConnectionError("the platform is down")
        self.final[handle] = trace
        return handle

    def _answers(self) -> None:
        if self.away:
            self.away -= 1
            raise Away("Nobody is there.")

    async def fetch(self, address: str) -> AsyncIterator[bytes]:
        yield address.encode()

    async def answer(self, number: str = "1") -> Trace:
        """Wait for the end of a request."""
        await until(lambda: f"test:{number}" in self.final)
        return self.final[f"test:{number}"]

    async def picture(self, wanted: Callable[[Trace], Any]) -> Trace:
        """Wait until a picture is the newest that has what is wanted."""
        await until(lambda: self.shown and wanted(self.shown[-1]))
        return self.shown[-1]


async def until(true: Callable[[], Any]) -> None:
    """Wait until something is so."""
    with anyio.fail_after(20):
        while not true():  # noqa: ASYNC110 - a fake has no event for each message
            await anyio.sleep(0.005)


@dataclass
class Life:
    """A worker at work."""

    store: AnyStore
    wall: Wall
    worker: Worker
    hear: Reception
    concierge: Concierge

    async def settled(self) -> None:
        """Wait until nothing is under way."""
        await until(lambda: not self.worker._claimed)


@asynccontextmanager
async def working(
    script: Sequence[Piece],
    executor: FunctionExecutor | None = None,
    *,
    store: AnyStore | None = None,
    wall: Wall | None = None,
    allowance: Allowance = ANYTHING,
    at_once: int = 16,
    lease: float = 30.0,
    grace: float = 20.0,
) -> AsyncIterator[Life]:
    """Run a worker beside the block, and stop it gracefully at its end."""
    store, wall, executor = store or MemoryStore(), wall or Wall(), executor or FunctionExecutor()

    async def allowed(*_scopes: str) -> Allowance:
        return allowance

    desk = Desk(
        inbox=store.inbox,
        journal=store.journal,
        memory=store.memory,
        orchestrator=replace(mind(ScriptedController(script), executor, store=store), allowance=allowed),
        observe=lambda _request, _event: None,
        worker="w",
        lease=lease,
        spending=store.spending,
    )
    worker = Worker(desk=desk, mouths={"test": wall}, at_once=at_once, poll=0.05, grace=grace)
    worker.lobby.patience = worker.lobby.tick = 0.1
    hear = Reception(
        inbox=store.inbox,
        modes=store.modes,
        limits=Limits(text_chars=50),
        mode=Mode.LOCAL,
        wake=worker.wake,
        heard=worker.lobby.expect,
    )
    who = replace(concierge(store, TOYS, executor, hear), mode=Mode.LOCAL)
    async with anyio.create_task_group() as group:
        group.start_soon(worker.run)
        yield Life(store, wall, worker, hear, who)
        worker.stop()

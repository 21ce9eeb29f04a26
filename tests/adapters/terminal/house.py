"""A small house around the terminal adapter: real worker and orchestrator; scripted mind, toy experts."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import anyio
from rich.console import Console

from adapters.terminal.ear import Message, TerminalEar
from adapters.terminal.files import Inbound, Outbound
from adapters.terminal.mouth import TerminalMouth
from adapters.terminal.screen import Screen, Watched
from bot.answering import Desk
from bot.reception import Reception
from bot.worker import Worker
from core.errors import JarvisError
from core.limits import Limits
from core.stages.approval import ANYTHING, Allowance
from core.types import Mode, Request
from storage.memory import MemoryStore
from tests.fakes import FunctionExecutor, ScriptedController, mind, no_files, task

PLATFORM = "terminal-test"


def a_console(*, terminal: bool = False) -> Console:
    """A console that writes to memory."""
    return Console(file=io.StringIO(), width=200, force_terminal=terminal, color_system=None)


def written(console: Console) -> str:
    """What was written to a console."""
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@dataclass
class House:
    """One terminal with everything behind it."""

    folder: Path
    controller: ScriptedController = field(default_factory=lambda: ScriptedController(script=[task(0)]))
    executor: FunctionExecutor = field(default_factory=FunctionExecutor)
    store: MemoryStore = field(default_factory=MemoryStore)
    out: Console = field(default_factory=a_console)
    progress: Console = field(default_factory=a_console)
    screen: Screen | None = None
    allowance: Allowance = ANYTHING  # of a plan
    refused: list[str] = field(default_factory=list)
    heard: list[Request] = field(default_factory=list)

    def __post_init__(self) -> None:
        orchestrator = replace(mind(self.controller, self.executor, store=self.store), allowance=self._allowed)
        self.inbound = Inbound(no_files)
        self.mouth = TerminalMouth(
            PLATFORM,
            self.inbound,
            Outbound(orchestrator.blobs, self.folder),
            self.screen or Watched(self.out, self.progress),
        )
        desk = Desk(
            inbox=self.store.inbox,
            journal=self.store.journal,
            memory=self.store.memory,
            orchestrator=orchestrator,
            observe=lambda _request, _event: None,
            worker="w",
            lease=6.0,
        )
        self.worker = Worker(desk=desk, mouths={PLATFORM: self.mouth})
        self.reception = Reception(
            inbox=self.store.inbox,
            modes=self.store.modes,
            limits=Limits(),
            mode=Mode.HYBRID,
            wake=self.worker.wake,
        )

    async def hear(self, request: Request, *, mode: Mode | None = None) -> bool:
        """Take a request in and wait for its answer."""
        fresh = await self.reception(request, mode=mode)
        self.heard.append(request)
        await self.mouth.ended(request.id)
        return fresh

    async def converse(self, messages: Sequence[Message]) -> None:
        """Say one message after the other, each when the one before is answered."""
        async with self.at_work():
            await TerminalEar(PLATFORM, self.inbound, _each(messages), self._refuse).listen(self.hear)

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Have the worker work for the block, and finish what it has at hand."""
        async with anyio.create_task_group() as group:
            group.start_soon(self.worker.run)
            yield
            self.worker.stop()

    async def _allowed(self, *_scopes: str) -> Allowance:
        return self.allowance

    def _refuse(self, error: JarvisError) -> None:
        self.refused.append(error.message)


async def _each(messages: Sequence[Message]) -> AsyncIterator[Message]:
    for message in messages:
        yield message

"""A whole small house around the Slack adapter: real bolt app, worker and orchestrator; scripted mind, toy experts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial

import anyio

from adapters.fetch import Fetcher
from adapters.slack.ear import Manner, SlackEar
from adapters.slack.files import Attached
from adapters.slack.line import Access, Line
from adapters.slack.mouth import SlackMouth
from bot.admission import Admission
from bot.answering import Desk
from bot.compose import allowance
from bot.metrics import Metrics
from bot.reception import Reception
from bot.worker import Worker
from core.bylaws import Charter
from core.limits import Limits
from core.orchestrator import Orchestrator
from core.ports import Controller, Executor
from core.registry import Registry
from core.types import Mode
from storage.blobs import MemoryBlobs
from storage.memory import MemoryStore
from tests.adapters.discord.house import LIMITS, administration, concierge
from tests.fakes import TOYS, FunctionExecutor, ScriptedController, task
from tests.simulators.slack import Simulator


def access(slack: Simulator, *, http: bool = False) -> Access:
    """Who the bot is there."""
    return Access(
        bot_token=slack.bot_token,
        app_token="" if http else slack.app.app_token,
        signing_secret=slack.app.signing_secret if http else "",
        api=slack.api,
        files=slack.host,
    )


@dataclass
class House:
    """One installation at one Slack."""

    slack: Simulator
    controller: Controller = field(default_factory=lambda: ScriptedController(script=[task(0)]))
    executor: Executor = field(default_factory=FunctionExecutor)
    registry: Registry = field(default_factory=lambda: TOYS)
    store: MemoryStore = field(default_factory=MemoryStore)
    blobs: MemoryBlobs = field(default_factory=MemoryBlobs)
    limits: Limits = LIMITS
    manner: Manner = field(default_factory=Manner)
    http: bool = False
    listening: bool = True
    working: bool = True
    at_once: int = 16

    @asynccontextmanager
    async def open(self) -> AsyncIterator[House]:
        """Be connected and work for as long as the block lasts."""
        line = Line(access(self.slack, http=self.http))
        public = Fetcher(file_bytes=self.limits.file_bytes, seconds=5)
        mouth = SlackMouth(line, self.blobs, Attached(line, most=self.limits.file_bytes), public.fetch)
        worker = self._worker(mouth)
        hear = self.reception(worker)
        helper = concierge(self.store, self.registry, self.executor, hear)
        ear = SlackEar(line, helper, administration(self.store, self.registry), self.store.memory, self.manner)
        try:
            async with anyio.create_task_group() as group:
                if self.listening:
                    group.start_soon(ear.listen, hear)
                    await self._ready()
                if self.working:
                    group.start_soon(worker.run)
                yield self
                group.cancel_scope.cancel()
        finally:
            with anyio.CancelScope(shield=True):
                await line.close()

    async def _ready(self) -> None:
        if not self.http:
            await self.slack.ready(self.manner.sockets)

    def reception(self, worker: Worker) -> Reception:
        """The door for requests."""
        return Reception(
            inbox=self.store.inbox,
            modes=self.store.modes,
            limits=self.limits,
            mode=Mode.HYBRID,
            admission=Admission(bylaws=self.store.bylaws, spending=self.store.spending),
            wake=worker.wake,
        )

    def _worker(self, mouth: SlackMouth) -> Worker:
        desk = Desk(
            inbox=self.store.inbox,
            journal=self.store.journal,
            memory=self.store.memory,
            orchestrator=Orchestrator(
                registry=self.registry,
                controller=self.controller,
                executor=self.executor,
                blobs=self.blobs,
                memory=self.store.memory,
                results=self.store.results,
                rules=self.store.rules,
                limits=self.limits,
                allowance=partial(allowance, self.store.bylaws, Charter()),
            ),
            observe=Metrics().observe,
            worker="w",
            lease=6.0,
        )
        return Worker(desk=desk, mouths={"slack": mouth}, at_once=self.at_once)

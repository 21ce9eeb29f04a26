"""A whole small house around the Discord adapter: real client, worker and orchestrator; scripted mind, toy experts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial

import anyio

from adapters.discord.about import Forms
from adapters.discord.ear import DiscordEar
from adapters.discord.line import Access, Line
from adapters.discord.mouth import DiscordMouth
from adapters.fetch import Fetcher
from adapters.inbound import Inbound
from bot.administration import Administration
from bot.admission import Admission
from bot.answering import Desk
from bot.choices import Choices
from bot.compose import allowance
from bot.concierge import Concierge
from bot.leaving import Leaving
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
from tests.fakes import TOYS, FunctionExecutor, ScriptedController, task
from tests.simulators.discord import Simulator

LIMITS = Limits(text_chars=3_000, attachments=4, file_bytes=2_000_000)


def access(discord: Simulator) -> Access:
    """Who the bot is there."""
    return Access(token=discord.token, api=discord.api, gateway=discord.gateway.url, cdn=discord.cdn)


def concierge(
    store: MemoryStore, registry: Registry = TOYS, executor: Executor | None = None, hear: Reception | None = None
) -> Concierge:
    """Who answers what people ask besides, over a store."""
    executor = executor or FunctionExecutor()
    hear = hear or Reception(inbox=store.inbox, modes=store.modes, limits=LIMITS, mode=Mode.HYBRID)
    return Concierge(
        inbox=store.inbox,
        journal=store.journal,
        people=store.people,
        ledger=store.ledger,
        modes=store.modes,
        registry=registry,
        executor=executor,
        mode=Mode.HYBRID,
        waiting=store.waiting,
        choices=Choices(registry=registry, executor=executor, rules=store.rules),
        hear=hear,
        wake=hear.wake,
    )


def administration(store: MemoryStore, registry: Registry = TOYS) -> Administration:
    """Who does what admins decide, over a store."""
    return Administration(
        rules=store.rules,
        modes=store.modes,
        bylaws=store.bylaws,
        audits=store.audit,
        spending=store.spending,
        registry=registry,
        mode=Mode.HYBRID,
        leaving=Leaving(archive=store.archive, audit=store.audit, inbox=store.inbox, files=_nothing),
    )


async def _nothing() -> int:
    """Delete no files."""
    return 0


@dataclass
class House:
    """One installation at one Discord."""

    discord: Simulator
    controller: Controller = field(default_factory=lambda: ScriptedController(script=[task(0)]))
    executor: Executor = field(default_factory=FunctionExecutor)
    registry: Registry = field(default_factory=lambda: TOYS)
    store: MemoryStore = field(default_factory=MemoryStore)
    blobs: MemoryBlobs = field(default_factory=MemoryBlobs)
    limits: Limits = LIMITS
    listening: bool = True
    working: bool = True
    shards: tuple[int | None, tuple[int, ...]] = (None, ())  # of the whole bot, and this process's
    at_once: int = 16

    @asynccontextmanager
    async def open(self) -> AsyncIterator[House]:
        """Be connected and work for as long as the block lasts."""
        line = Line(replace(access(self.discord), shards=self.shards[0], shard_ids=self.shards[1]))
        attached = Fetcher(file_bytes=self.limits.file_bytes, seconds=5, allow_private=True)
        public = Fetcher(file_bytes=self.limits.file_bytes, seconds=5)
        mouth = DiscordMouth(line, self.blobs, Inbound(self.blobs, self.discord.cdn, attached.fetch, public.fetch))
        worker = self._worker(mouth)
        hear = self.reception(worker)
        admins = administration(self.store, self.registry)
        forms = Forms(self.blobs, self.store.loose)
        ear = DiscordEar(line, self.concierge(hear), admins, self.store.memory, forms)
        try:
            async with anyio.create_task_group() as group:
                if self.listening:
                    group.start_soon(ear.listen, hear)
                    await self.discord.ready()
                if self.working:
                    group.start_soon(worker.run)
                yield self
                group.cancel_scope.cancel()
        finally:
            with anyio.CancelScope(shield=True):
                await line.close()

    def reception(self, worker: Worker) -> Reception:
        """The door for requests."""
        return Reception(
            inbox=self.store.inbox,
            modes=self.store.modes,
            limits=self.limits,
            mode=Mode.HYBRID,
            admission=Admission(bylaws=self.store.bylaws, spending=self.store.spending),
            wake=worker.wake,
            heard=worker.lobby.expect,
        )

    def concierge(self, hear: Reception | None = None) -> Concierge:
        """Who answers what people ask besides."""
        return concierge(self.store, self.registry, self.executor, hear)

    def _worker(self, mouth: DiscordMouth) -> Worker:
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
        return Worker(desk=desk, mouths={"discord": mouth}, at_once=self.at_once)

"""A whole small house around the Discord adapter: real client, worker and orchestrator; scripted mind, toy experts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import anyio

from adapters.discord.about import Forms
from adapters.discord.connection import Connection
from adapters.discord.ear import DiscordEar
from adapters.discord.login import Access
from adapters.discord.mouth import DiscordMouth
from adapters.fetch import Fetcher
from adapters.inbound import Inbound
from core.limits import Limits
from core.ports import Controller, Executor
from core.registry import Registry
from storage.blobs import MemoryBlobs
from storage.memory import MemoryStore
from tests.adapters.rooms import LIMITS, administration, at_work, concierge, door, hands
from tests.fakes import TOYS, FunctionExecutor, ScriptedController, task
from tests.simulators.discord import Simulator


def access(discord: Simulator) -> Access:
    """Who the bot is there."""
    return Access(token=discord.token, api=discord.api, gateway=discord.gateway.url, cdn=discord.cdn)


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
        connection = Connection(replace(access(self.discord), shards=self.shards[0], shard_ids=self.shards[1]))
        attached = Fetcher(file_bytes=self.limits.file_bytes, seconds=5, allow_private=True)
        public = Fetcher(file_bytes=self.limits.file_bytes, seconds=5)
        mouth = DiscordMouth(
            connection, self.blobs, Inbound(self.blobs, self.discord.cdn, attached.fetch, public.fetch)
        )
        worker = hands(self, mouth)
        hear = door(self, worker)
        admins = administration(self.store, self.registry)
        forms = Forms(self.blobs, self.store.loose)
        ear = DiscordEar(
            connection,
            concierge(self.store, self.registry, self.executor, hear),
            admins,
            self.store.memory,
            self.store.memberships,
            forms,
        )
        try:
            async with at_work(self, ear, hear, worker, self.discord.ready):
                yield self
        finally:
            with anyio.CancelScope(shield=True):
                await connection.close()

"""A whole small house around the Slack adapter: real bolt app, worker and orchestrator; scripted mind, toy experts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import anyio

from adapters.fetch import Fetcher
from adapters.slack.access import Access
from adapters.slack.connection import Connection
from adapters.slack.door import Address
from adapters.slack.ear import Manner, SlackEar
from adapters.slack.files import Attached
from adapters.slack.mouth import SlackMouth
from core.limits import Limits
from core.ports import Controller, Executor
from core.registry import Registry
from storage.blobs import MemoryBlobs
from storage.memory import MemoryStore
from tests.adapters.rooms import LIMITS, administration, at_work, concierge, door, hands
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
        connection = Connection(access(self.slack, http=self.http))
        public = Fetcher(file_bytes=self.limits.file_bytes, seconds=5)
        mouth = SlackMouth(connection, self.blobs, Attached(connection, most=self.limits.file_bytes), public.fetch)
        worker = hands(self, mouth)
        hear = door(self, worker)
        helper = concierge(self.store, self.registry, self.executor, hear)
        ear = SlackEar(connection, helper, administration(self.store, self.registry), self.store.memory, self.manner)
        try:
            async with at_work(self, ear, hear, worker, self._ready):
                yield self
        finally:
            with anyio.CancelScope(shield=True):
                await connection.close()

    async def _ready(self) -> None:
        if self.http:
            await _open(self.manner.address)
        else:
            await self.slack.ready(self.manner.sockets)


async def _open(address: Address) -> None:
    """Wait until somebody listens at an address."""
    with anyio.fail_after(15):
        while True:
            try:
                stream = await anyio.connect_tcp(address.host, address.port)
            except OSError:
                await anyio.sleep(0.02)
            else:
                await stream.aclose()
                return

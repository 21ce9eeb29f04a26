"""A whole small house around the web adapter: real orchestrator, worker and server; scripted mind, toy experts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import anyio

from adapters.fetch import Fetcher
from adapters.web.desk import Desk as WebDesk
from adapters.web.ear import WebEar
from adapters.web.follow import Hub
from adapters.web.health import Health
from adapters.web.mouth import WebMouth
from adapters.web.server import Address
from bot.answering import Desk
from bot.metrics import Metrics
from bot.reception import Reception
from bot.worker import Worker
from core.limits import Limits
from core.orchestrator import Orchestrator
from core.stages.approval import ANYTHING, Allowance
from core.types import Mode
from storage.blobs import MemoryBlobs
from storage.memory import MemoryStore
from tests.fakes import TOYS, FunctionExecutor, ScriptedController, task

LIMITS = Limits(text_chars=1_000, attachments=3, file_bytes=200_000)


@dataclass
class House:
    """One installation in this process; ``url`` is where it listens."""

    controller: ScriptedController = field(default_factory=lambda: ScriptedController(script=[task(0)]))
    executor: FunctionExecutor = field(default_factory=FunctionExecutor)
    store: MemoryStore = field(default_factory=MemoryStore)
    blobs: MemoryBlobs = field(default_factory=MemoryBlobs)
    limits: Limits = LIMITS
    address: Address = field(default_factory=lambda: Address(port=0))
    elsewhere: bool = False  # the worker does not share the hub, as if it lived in another process
    working: bool = True
    allowance: Allowance = ANYTHING  # of a plan
    url: str = ""

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    @asynccontextmanager
    async def open(self) -> AsyncIterator[House]:
        """Listen and work for as long as the block lasts."""
        hub = Hub()
        fetcher = Fetcher(file_bytes=self.limits.file_bytes, seconds=5)
        mouth = WebMouth(Hub() if self.elsewhere else hub, self.blobs, fetcher.fetch)
        worker = self._worker(mouth)
        hear = Reception(
            inbox=self.store.inbox, modes=self.store.modes, limits=self.limits, mode=Mode.HYBRID, wake=worker.wake
        )
        ready = anyio.Event()

        def on_ready(url: str) -> None:
            self.url = url
            ready.set()

        ear = WebEar(self._desk(hub), self.address, _health(), on_ready=on_ready)
        async with anyio.create_task_group() as group:
            group.start_soon(ear.listen, hear)
            if self.working:
                group.start_soon(worker.run)
            await ready.wait()
            yield self
            group.cancel_scope.cancel()

    async def _allowed(self, *_scopes: str) -> Allowance:
        return self.allowance

    def _desk(self, hub: Hub) -> WebDesk:
        return WebDesk(
            inbox=self.store.inbox,
            journal=self.store.journal,
            memory=self.store.memory,
            people=self.store.people,
            blobs=self.blobs,
            hub=hub,
            limits=self.limits,
        )

    def _worker(self, mouth: WebMouth) -> Worker:
        desk = Desk(
            inbox=self.store.inbox,
            journal=self.store.journal,
            memory=self.store.memory,
            orchestrator=Orchestrator(
                registry=TOYS,
                controller=self.controller,
                executor=self.executor,
                blobs=self.blobs,
                memory=self.store.memory,
                results=self.store.results,
                rules=self.store.rules,
                limits=self.limits,
                allowance=self._allowed,
            ),
            observe=Metrics().observe,
            worker="w",
            lease=6.0,
        )
        return Worker(desk=desk, mouths={"web": mouth})


def _health() -> Health:
    async def well() -> None:
        pass

    return Health({"store": well}, Metrics().text)


def said(text: str, **more: object) -> dict[str, object]:
    """The body of the original: one message of the user."""
    return {"messages": [{"role": "user", "content": text}], **more}


async def heard(house: House) -> list[str]:
    """The texts of the window the controller saw last."""
    return [turn.text for turn in house.controller.briefs[-1].turns]

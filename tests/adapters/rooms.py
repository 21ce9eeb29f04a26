"""The rooms behind every platform: door, desk and worker over stores in memory; scripted mind, toy experts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Protocol

import anyio

from adapters.base import Ear, Mouth
from bot.administration import Administration
from bot.admission import Admission
from bot.answering import Desk
from bot.building import Building
from bot.choices import Choices
from bot.compose import allowance
from bot.concierge import Concierge
from bot.leaving import Leaving
from bot.metrics import Metrics
from bot.reception import Reception
from bot.worker import Worker
from core.bylaws import Charter
from core.errors import BadInput
from core.limits import Limits
from core.orchestrator import Orchestrator
from core.ports import Controller, Executor
from core.registry import Registry
from core.types import Mode
from storage.blobs import MemoryBlobs
from storage.memory import MemoryStore
from tests.fakes import TOYS, FunctionExecutor, ScriptedController
from tests.stores import AnyStore

LIMITS = Limits(text_chars=3_000, attachments=4, file_bytes=2_000_000)


class Furniture(Protocol):
    """What a house has."""

    controller: Controller
    executor: Executor
    registry: Registry
    store: MemoryStore
    blobs: MemoryBlobs
    limits: Limits
    at_once: int


class Chatting(Furniture, Protocol):
    """What a house at a chat has besides."""

    listening: bool
    working: bool


@asynccontextmanager
async def at_work(
    house: Chatting, ear: Ear, hear: Reception, worker: Worker, ready: Callable[[], Awaitable[None]]
) -> AsyncIterator[None]:
    """Have a house listen and work, as far as it does either, for as long as the block lasts."""
    async with anyio.create_task_group() as group:
        if house.listening:
            group.start_soon(ear.listen, hear)
            await ready()
        if house.working:
            group.start_soon(worker.run)
        yield
        group.cancel_scope.cancel()


def models_run(house: Furniture) -> list[str]:
    """Return which models ran."""
    assert isinstance(house.executor, FunctionExecutor)
    return [job.model for job in house.executor.ran]


def texts_planned(house: Furniture) -> list[str]:
    """Return what was planned for."""
    assert isinstance(house.controller, ScriptedController)
    return [brief.text for brief in house.controller.briefs]


def door(house: Furniture, worker: Worker) -> Reception:
    """Who takes requests."""
    return Reception(
        inbox=house.store.inbox,
        modes=house.store.modes,
        limits=house.limits,
        mode=Mode.HYBRID,
        admission=Admission(bylaws=house.store.bylaws, spending=house.store.spending),
        wake=worker.wake,
        heard=worker.lobby.expect,
    )


def hands(house: Furniture, mouth: Mouth) -> Worker:
    """Who answers them."""
    desk = Desk(
        inbox=house.store.inbox,
        journal=house.store.journal,
        memory=house.store.memory,
        orchestrator=Orchestrator(
            registry=house.registry,
            controller=house.controller,
            executor=house.executor,
            blobs=house.blobs,
            memory=house.store.memory,
            results=house.store.results,
            rules=house.store.rules,
            limits=house.limits,
            allowance=partial(allowance, house.store.bylaws, Charter()),
        ),
        observe=Metrics().observe,
        worker="w",
        lease=6.0,
    )
    return Worker(desk=desk, mouths={mouth.platform: mouth}, at_once=house.at_once)


def concierge(
    store: AnyStore, registry: Registry = TOYS, executor: Executor | None = None, hear: Reception | None = None
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


def administration(
    store: AnyStore, registry: Registry = TOYS, *, settings: Charter | None = None, building: Building | None = None
) -> Administration:
    """Who does what admins decide, over a store."""
    return Administration(
        rules=store.rules,
        modes=store.modes,
        bylaws=store.bylaws,
        audits=store.audit,
        spending=store.spending,
        registry=registry,
        mode=Mode.HYBRID,
        settings=settings or Charter(),
        building=building,
        leaving=Leaving(archive=store.archive, audit=store.audit, inbox=store.inbox, files=_nothing),
    )


async def nowhere(url: str) -> AsyncIterator[bytes]:
    """A fetcher for an installation without a network."""
    raise BadInput(f"{url} cannot be reached.")
    yield b""


async def _nothing() -> int:
    """Delete no files."""
    return 0

"""Builds each long-lived object once, in the order they need each other, and takes them down in reverse."""

from __future__ import annotations

import os
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial

from adapters.base import Mouth
from adapters.fetch import Fetcher
from bot.administration import Administration
from bot.admission import Admission
from bot.answering import Desk
from bot.bell import Bell
from bot.building import Building, absent
from bot.choices import Choices
from bot.concierge import Concierge
from bot.controllers import close_controller, make_controller
from bot.executors import Executors, make_registry
from bot.keeping import kept
from bot.leaving import Leaving
from bot.metrics import Metrics
from bot.reception import Reception
from bot.refreshing import refreshed
from bot.renewing import renewed
from bot.settings import Settings
from bot.sweeping import Sweeper, swept
from bot.uploads import Uploads
from bot.worker import Worker
from core.bylaws import Charter, charter
from core.figures import Figures
from core.limits import Limits
from core.orchestrator import Orchestrator
from core.ports import Bylaws, Controller
from core.registry import Registry
from core.stages.approval import Allowance
from migrations import upgrade
from storage.blobs import FileBlobs
from storage.engine import open_engine
from storage.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Everything of one process that is not a platform."""

    settings: Settings
    limits: Limits
    registry: Registry
    store: Store
    blobs: FileBlobs
    executor: Executors
    controller: Controller
    orchestrator: Orchestrator
    fetcher: Fetcher
    metrics: Metrics
    bell: Bell = field(default_factory=Bell)

    def worker(self, mouths: Mapping[str, Mouth]) -> Worker:
        """Return a worker that answers through ``mouths``."""
        desk = Desk(
            inbox=self.store.inbox,
            journal=self.store.journal,
            memory=self.store.memory,
            orchestrator=self.orchestrator,
            observe=self.metrics.observe,
            worker=f"{os.getpid()}-{uuid.uuid4().hex[:12]}",
            lease=float(self.settings.lease_seconds),
            spending=self.store.spending,
        )
        worker = Worker(desk=desk, mouths=mouths, at_once=self.settings.requests_at_once)
        self.bell.add(worker.wake, worker.lobby.expect)
        return worker

    def concierge(self) -> Concierge:
        """Return who answers what people ask besides answers."""
        return Concierge(
            inbox=self.store.inbox,
            journal=self.store.journal,
            people=self.store.people,
            ledger=self.store.ledger,
            modes=self.store.modes,
            registry=self.registry,
            executor=self.executor,
            mode=self.settings.mode,
            waiting=self.store.waiting,
            choices=self.choices,
            hear=self.reception(),
            wake=self.bell,
            admission=self.admission,
            sweep=self.sweeper.files,
        )

    @property
    def choices(self) -> Choices:
        """Return what can be asked of selection."""
        mind = self.orchestrator
        return Choices(
            registry=self.registry,
            executor=self.executor,
            rules=self.store.rules,
            policy=mind.policy,
            figures=mind.figures,
        )

    def administration(self) -> Administration:
        """Return who does what admins decide."""
        store = self.store
        return Administration(
            rules=store.rules,
            modes=store.modes,
            bylaws=store.bylaws,
            audits=store.audit,
            spending=store.spending,
            registry=self.registry,
            mode=self.settings.mode,
            settings=self.settings.charter,
            building=Building(
                machines=self.executor,
                waiting=store.waiting,
                planner=self.controller.name,
                absent=absent(self.settings, self.executor.status()),
                figures=self.orchestrator.figures,
                internal=[name for name, type_ in self.registry.types.items() if type_.internal],
            ),
            leaving=Leaving(archive=store.archive, audit=store.audit, inbox=store.inbox, files=self.sweeper.files),
        )

    @property
    def sweeper(self) -> Sweeper:
        """Return who deletes what nobody is to keep any longer."""
        store = self.store
        return Sweeper(
            archive=store.archive,
            loose=store.loose,
            bylaws=store.bylaws,
            blobs=self.blobs,
            settings=self.settings.charter,
        )

    @property
    def uploads(self) -> Uploads:
        """Return where ears keep files before the request they belong to."""
        return Uploads(self.blobs, self.store.loose)

    @property
    def admission(self) -> Admission:
        """Return who knows what people may ask, and what they have used up."""
        return Admission(bylaws=self.store.bylaws, spending=self.store.spending, settings=self.settings.charter)

    def reception(self) -> Reception:
        """Return the door for requests; the workers of this process are woken for each."""
        return Reception(
            inbox=self.store.inbox,
            modes=self.store.modes,
            limits=self.limits,
            mode=self.settings.mode,
            heard=self.bell.heard,
            admission=self.admission,
            wake=self.bell,
        )


async def allowance(bylaws: Bylaws, settings: Charter, *scopes: str) -> Allowance:
    """Return what a plan may cost in a place before somebody is asked."""
    holds = charter(await bylaws.read(*scopes), settings)
    return Allowance(seconds=holds.approve_seconds, dollars=holds.approve_dollars)


@asynccontextmanager
async def compose(settings: Settings) -> AsyncIterator[House]:
    """Build the house. Raises BadSetting or StoreFailed."""
    limits = settings.limits
    async with AsyncExitStack() as stack:
        await upgrade(settings.database)
        store = Store(open_engine(settings.database), backlog=settings.backlog)
        stack.push_async_callback(store.close)
        since = await store.finds.latest()
        registry = make_registry(await store.finds.read())
        # Its children load their libraries while the rest is made.
        executor = await stack.enter_async_context(Executors(settings, registry))
        controller = make_controller(settings)
        stack.push_async_callback(close_controller, controller)
        blobs, figures = FileBlobs(settings.blobs), Figures()
        await stack.enter_async_context(refreshed(settings, store.finds))
        await stack.enter_async_context(renewed(executor, store.finds, since=since))
        await stack.enter_async_context(kept(figures, store.ledger))
        house = House(
            settings=settings,
            limits=limits,
            registry=registry,
            store=store,
            blobs=blobs,
            executor=executor,
            controller=controller,
            orchestrator=_orchestrator(settings, store, registry, controller, executor, blobs, figures),
            fetcher=Fetcher(file_bytes=limits.file_bytes, allow_private=settings.fetch_allow_private),
            metrics=Metrics(),
        )
        await stack.enter_async_context(swept(house.sweeper))
        yield house


def _orchestrator(
    settings: Settings,
    store: Store,
    registry: Registry,
    controller: Controller,
    executor: Executors,
    blobs: FileBlobs,
    figures: Figures,
) -> Orchestrator:
    return Orchestrator(
        registry=registry,
        controller=controller,
        executor=executor,
        blobs=blobs,
        memory=store.memory,
        results=store.results,
        rules=store.rules,
        limits=settings.limits,
        policy=settings.policy,
        figures=figures,
        allowance=partial(allowance, store.bylaws, settings.charter),
    )

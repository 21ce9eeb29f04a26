"""Which executors an installation has, and how they hang together."""

from __future__ import annotations

import importlib.util
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Self

import anyio
import structlog
from anyio import to_thread

from bot.servers import servers_of
from bot.settings import Settings
from core.catalogue.merge import merged
from core.catalogue.snapshot import snapshot
from core.contract import Card
from core.executors.device import FindDevices, find_devices
from core.executors.hosted import Hosted
from core.executors.pool import Pool, PoolStatus
from core.executors.route import Route
from core.experts.catalogue_refresh import TYPE as REFRESH
from core.ports import Find, Job, Offer, OnProgress
from core.registry import Registry
from core.remote.servers import Server
from core.remote.terms import HUB, ROUTER
from core.remote.terms import Terms as RemoteTerms
from core.types import Place, Value
from core.weights.store import TYPE as DOWNLOAD
from core.weights.store import Terms, Weights

log = structlog.get_logger()

DOWNLOADS = 2
"""Models that are downloaded at the same time."""

SURVEY_SECONDS = 10.0
"""Seconds that a start waits to learn what model servers serve; who asks at once is to find their tasks."""

LOADED = 64
"""Models that a device keeps at most: its memory is the bound that counts."""

PRELOAD = ("core.local.preload",)


def make_registry(finds: Mapping[str, Find] = MappingProxyType({})) -> Registry:
    """Return all task types and experts, with the models that come with JARVIS, and what the Hub told of since."""
    catalogue = merged(snapshot(), {task: find.models for task, find in finds.items()}) if finds else snapshot()
    registry = Registry.discover(catalogue=catalogue)
    for why in registry.left_out:
        log.warning("experts left out", why=why)
    return registry


class Executors(anyio.AsyncContextManagerMixin):
    """All pools of an installation as one executor. Entering it starts them; asking for offers does not."""

    def __init__(self, settings: Settings, registry: Registry) -> None:
        """Have embedded models on the processor, others on the devices that there are and at hosted inference."""
        self._registry = registry
        own = [type_ for type_ in registry.types if type_ not in {DOWNLOAD, REFRESH.name}]
        self.embedded = Pool(registry, types=own, slots=settings.cpu_workers)
        self.downloads: Pool | None = None
        self.weights: Weights | None = None
        self.local: Pool | None = None
        if _has_devices(settings):
            cache = settings.model_cache
            self.downloads = Pool(registry, types=[DOWNLOAD], slots=DOWNLOADS, network=True)
            self.weights = Weights(cache, self.downloads, _terms(settings), in_use=lambda: set(self._in_use()))
            self.local = _local(settings, registry, self.weights, cache)
        servers = servers_of(settings)
        registry.servers = frozenset(server.name for server in servers)
        self.hosted = _hosted(settings, registry, servers) if servers or may_ask(settings) else None
        self._route = Route([place for place in (self.embedded, self.local, self.hosted) if place])

    @asynccontextmanager
    async def __asynccontextmanager__(self) -> AsyncGenerator[Self]:
        async with AsyncExitStack() as stack:
            for part in (self.embedded, self.downloads, self.weights, self.local, self.hosted):
                if part:
                    await stack.enter_async_context(part)
            if self.hosted and self.hosted.servers:
                with anyio.move_on_after(SURVEY_SECONDS):
                    await self.hosted.servers.asked.wait()
            yield self

    def offers(self) -> list[Offer]:
        return self._route.offers()

    async def run(self, job: Job, on_progress: OnProgress) -> Mapping[str, Value]:
        return await self._route.run(job, on_progress)

    async def warm(self, type: str, model: str) -> None:  # noqa: A002 - the field's word
        await self._route.warm(type, model)

    async def ready(self) -> None:
        """Wait until requests can be answered; devices for further models may be ready later. Raises WorkerDied."""
        await self.embedded.ready()

    async def renew(self, fresh: Registry) -> None:
        """Offer the models of a registry that was discovered later. Jobs under way go on."""
        able = await to_thread.run_sync(_able, fresh)
        if self.local:
            self.local.renew(card for card in able if card.place is Place.LOCAL)
        if self.hosted:
            self.hosted.renew(card for card in able if card.place is Place.REMOTE)
        self._registry.renew(fresh)

    def status(self) -> Mapping[Place, PoolStatus]:
        """Return how each place is."""
        pools = {Place.EMBEDDED: self.embedded, Place.LOCAL: self.local, Place.REMOTE: self.hosted}
        return {place: pool.status() for place, pool in pools.items() if pool}

    def _in_use(self) -> Iterator[str]:
        """Yield the models that are loaded, and the parts they were loaded with."""
        if self.local is None:
            return
        loaded = {key for slot in self.local.status().slots for key in slot.loaded}
        for offer in self.local.offers():
            if (offer.type, offer.model.id) in loaded:
                yield from (offer.model.id, *offer.model.parts.values())


def _able(registry: Registry) -> list[Card]:
    """Return the cards whose libraries are installed."""
    return [card for card in registry.cards if not card.missing()]


def _has_devices(settings: Settings) -> bool:
    return settings.devices != ("none",) and importlib.util.find_spec("torch") is not None


def may_ask(settings: Settings) -> bool:
    """Whether hosted inference was set up: by a token, or by a gateway that needs none."""
    return bool(settings.hf_token.get_secret_value() or settings.hf_router_url)


def places_set_up(settings: Settings) -> set[Place]:
    """Return the places that these settings name, without looking whether they can be reached."""
    own = {Place.LOCAL} if _has_devices(settings) else set()
    hosted = {Place.REMOTE} if may_ask(settings) else set()
    return {Place.EMBEDDED, *own, *hosted, *(server.place for server in servers_of(settings))}


def _hosted(settings: Settings, registry: Registry, servers: tuple[Server, ...]) -> Hosted:
    return Hosted(
        registry,
        RemoteTerms(
            token=settings.hf_token.get_secret_value(),
            endpoint=settings.hf_endpoint or HUB,
            router=settings.hf_router_url or ROUTER,
            servers=servers,
        ),
        hub=may_ask(settings),
        slots=settings.remote_jobs,
        providers=settings.hf_providers,
        keep_media=settings.keep_media_local,
        file=settings.data_dir / "hosted-models.json",
    )


def device_finder(settings: Settings) -> FindDevices:
    """Return what looks for the devices that the settings name."""
    wanted = () if settings.devices == ("auto",) else settings.devices
    memory = int(settings.device_memory_gb * 1e9) if settings.device_memory_gb else None
    return partial(find_devices, wanted, memory=memory, cpus=settings.device_cpus)


def _local(settings: Settings, registry: Registry, weights: Weights, cache: Path) -> Pool:
    return Pool(
        registry,
        place=Place.LOCAL,
        preload=PRELOAD,
        devices=device_finder(settings),
        models=LOADED,
        stock=weights,
        sizes=settings.data_dir / "model-sizes.json",
        environment={"HF_HUB_CACHE": str(cache), "HF_HUB_OFFLINE": "1"},
    )


def _terms(settings: Settings) -> Terms:
    return Terms(
        endpoint=settings.hf_endpoint,
        token=settings.hf_token.get_secret_value(),
        budget=int(settings.model_disk_gb * 1e9) if settings.model_disk_gb else None,
        allow_pickle=settings.model_allow_pickle,
        online=not settings.hf_hub_offline,
    )

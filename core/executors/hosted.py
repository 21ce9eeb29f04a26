"""Hosted inference as a place to run jobs: child processes that ask, and what is known of who can be asked."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Self

import anyio

from core.errors import NotAvailable
from core.executors.pool import Pool, PoolStatus
from core.hosted.expert import PROVIDERS
from core.hosted.lookup import TYPE as LOOKUP
from core.hosted.lookup import Lookup
from core.ports import Job, Offer, OnProgress
from core.registry import EXPERTS, Card, Model, Registry, TaskType
from core.remote.availability import Availability
from core.remote.routes import Route
from core.remote.terms import Terms
from core.types import Kind, Media, Place, Value

PRELOAD = (
    "PIL.ImageCms",
    "PIL.JpegImagePlugin",
    "PIL.PngImagePlugin",
    "anyio._backends._asyncio",
    "core.remote.attempts",
    "huggingface_hub.hf_api",
    "huggingface_hub.inference._generated._async_client",
    "openai.resources.chat.chat",
)
"""What libraries import only when it is used: imported before the fork it is shared by all children."""

LOADED = 512
"""Experts that a child keeps: they weigh nothing."""

_HUB = Card(type=LOOKUP, model=Model(id="hub"), place=Place.REMOTE, make=Lookup)


class Hosted(anyio.AsyncContextManagerMixin):
    """Runs jobs by asking providers. Use it as a context: that starts the children and what keeps it informed."""

    def __init__(
        self,
        registry: Registry,
        terms: Terms,
        *,
        slots: int = 8,
        providers: Sequence[str] = (),
        keep_media: bool = False,
        file: Path | None = None,
        packages: Sequence[str] = EXPERTS,
    ) -> None:
        """Ask on ``terms``, ``slots`` questions at a time, only ``providers`` where some are named.

        With ``keep_media`` no picture, sound, film or document ever leaves: tasks that need one are not offered.
        ``file`` keeps what is known of who serves which model. ``registry`` was discovered in ``packages``.
        """
        cards = [card for card in registry.cards if card.place is Place.REMOTE]
        cards = [card for card in cards if not (keep_media and needs_media(card.type))]
        self._cards = {card.key: card for card in cards if not card.missing()}
        self._keep_media = keep_media
        self.availability = Availability(list(self._cards.values()), providers=providers, file=file)
        self._offers: dict[tuple[str, str], tuple[tuple[Route, ...], Offer]] = {}
        self._pool = Pool(
            replace(registry, cards=(*registry.cards, _HUB)),
            place=Place.REMOTE,
            packages=packages,
            preload=PRELOAD,
            slots=slots,
            models=LOADED,
            environment=terms.environment(),
            network=True,
        )

    @asynccontextmanager
    async def __asynccontextmanager__(self) -> AsyncGenerator[Self]:
        try:
            async with self._pool, anyio.create_task_group() as tasks:
                tasks.start_soon(self.availability.follow, self.look_up)
                try:
                    yield self
                finally:
                    tasks.cancel_scope.cancel()
        except BaseExceptionGroup as raised:
            # What keeps it informed never raises, so this is what the user of the place raised.
            raise raised.exceptions[0] from None

    async def ready(self) -> None:
        """Wait until all children live. Raises WorkerDied when none can be made."""
        await self._pool.ready()

    def status(self) -> PoolStatus:
        """Return what the children do."""
        return self._pool.status()

    def offers(self) -> list[Offer]:
        wait, offers = self._pool.wait(), (self._offer(card) for card in self._cards.values())
        return [
            replace(offer, wait=wait, seconds=self._pool.seconds(offer.type, offer.model.id))
            for offer in offers
            if offer is not None
        ]

    async def run(self, job: Job, on_progress: OnProgress) -> Mapping[str, Value]:
        card = self._cards.get((job.type, job.model))
        routes = self.availability.routes(card) if card else ()
        if not routes:
            raise NotAvailable(f"Nobody serves the model “{job.model}” for {job.type} now.")
        if self._keep_media and any(map(_holds_media, job.inputs.values())):
            raise NotAvailable("Files stay on this machine: hosted inference is not asked about them here.")
        told: Any = {"seconds": job.seconds, "routes": [route.plain() for route in routes]}
        return await self._pool.run(replace(job, inputs={**job.inputs, PROVIDERS: told}), on_progress)

    async def warm(self, type: str, model: str) -> None:  # noqa: A002 - the field's word
        """Nothing needs to be loaded here."""

    async def look_up(self, models: Sequence[str]) -> Sequence[Any]:
        """Ask the Hub who serves models. Raises JarvisError where it does not tell."""
        asked: Any = {"models": list(models)}
        job = Job(id="lookup", type=LOOKUP.name, model=_HUB.model.id, inputs=asked, seconds=LOOKUP.seconds)
        rows: Any = (await self._pool.run(job, lambda _fraction, _note: None))["served"]
        return list(rows)

    def _offer(self, card: Card) -> Offer | None:
        """Return a card's offer, made anew only where who serves it has changed."""
        routes = self.availability.routes(card)
        if not routes:
            return None
        known, offer = self._offers.get(card.key, ((), None))
        if offer is None or known != routes:
            model = replace(card.model, providers=tuple(dict.fromkeys(route.provider for route in routes)))
            fit = partial(card.make.fit, card.model)
            offer = Offer(type=card.type.name, model=model, place=Place.REMOTE, ready=True, fit=fit)
            self._offers[card.key] = routes, offer
        return offer


def needs_media(task: TaskType) -> bool:
    """Whether a task cannot be done without a file that is no text."""
    return any(take.required and MEDIA.issuperset(take.kinds) for take in task.takes)


MEDIA = frozenset({Kind.IMAGE, Kind.AUDIO, Kind.VIDEO, Kind.DOCUMENT})


def _holds_media(value: Value) -> bool:
    return any(isinstance(part, Media) for part in (value if isinstance(value, list) else [value]))

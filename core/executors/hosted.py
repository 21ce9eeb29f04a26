"""Hosted inference as a place to run jobs: child processes that ask, and what is known of who can be asked.

Model servers that somebody named are asked by the same children. Those of our own house count as our own devices.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Self, TypeAlias

import anyio

from core.contract import PROVIDERS, Card, Model, TaskType
from core.errors import NotAvailable
from core.executors.pool import Pool, PoolStatus
from core.hosted.lookup import TYPE as LOOKUP
from core.hosted.lookup import Lookup
from core.hosted.survey import TYPE as SURVEY
from core.hosted.survey import Survey
from core.ports import Job, Offer, OnProgress
from core.registry import EXPERTS, Registry
from core.remote.availability import Availability
from core.remote.routes import Route
from core.remote.servers import Served, Servers
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
_SURVEY = Card(type=SURVEY, model=Model(id="servers"), place=Place.REMOTE, make=Survey)

_Key: TypeAlias = tuple[str, str]


class Hosted(anyio.AsyncContextManagerMixin):
    """Runs jobs by asking providers. Use it as a context: that starts the children and what keeps it informed."""

    def __init__(  # noqa: PLR0913 - each has its reason and its default
        self,
        registry: Registry,
        terms: Terms,
        *,
        slots: int = 8,
        providers: Sequence[str] = (),
        keep_media: bool = False,
        file: Path | None = None,
        packages: Sequence[str] = EXPERTS,
        hub: bool = True,
        grace: float = 2.0,
    ) -> None:
        """Ask on ``terms``, ``slots`` questions at a time, only ``providers`` where some are named.

        With ``keep_media`` no picture, sound, film or document ever leaves the house: tasks that need one are not
        offered. ``file`` keeps what is known of who serves which model. ``registry`` was discovered in ``packages``.
        Without ``hub`` only the model servers that ``terms`` name are asked. A job that ignores a cancel for ``grace``
        seconds is killed.
        """
        self._keep_media = keep_media
        self._hub = hub
        self._cards = {card.key: card for card in self._usable(registry.cards) if not card.missing()}
        self.availability = Availability(list(self._cards.values()), providers=providers, file=file)
        self.servers = Servers(terms.servers, registry)
        self._served: dict[_Key, Served] = self._allowed()
        self._offers: dict[_Key, tuple[tuple[Route, ...], Offer]] = {}
        self._pool = Pool(
            replace(registry, cards=self._all()),
            place=Place.REMOTE,
            packages=packages,
            preload=PRELOAD,
            slots=slots,
            grace=grace,
            models=LOADED,
            environment=terms.environment(),
            network=True,
        )

    @asynccontextmanager
    async def __asynccontextmanager__(self) -> AsyncGenerator[Self]:
        try:
            async with self._pool, anyio.create_task_group() as tasks:
                if self._hub:
                    tasks.start_soon(self.availability.follow, self.look_up)
                if self.servers:
                    tasks.start_soon(self.servers.follow, self.survey, self._renew)
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
        wait = self._pool.wait()
        offers = [*map(self._offer, self._cards.values()), *map(_offered, self._served.values())]
        return [
            replace(offer, wait=wait, seconds=self._pool.seconds(offer.type, offer.model.id))
            for offer in offers
            if offer is not None
        ]

    def renew(self, cards: Iterable[Card]) -> None:
        """Offer the models of these cards, which can run here, in place of those so far. Jobs under way go on."""
        self._cards = {card.key: card for card in self._usable(cards)}
        self.availability.renew(list(self._cards.values()))
        self._renew()

    async def run(self, job: Job, on_progress: OnProgress) -> Mapping[str, Value]:
        key = job.type, job.model
        served, card = self._served.get(key), self._cards.get(key)
        routes = (served.route,) if served else self.availability.routes(card) if card else ()
        if not routes:
            raise NotAvailable(f"Nobody serves the model “{job.model}” for {job.type} now.")
        leaves = served is None or served.place is Place.REMOTE
        if self._keep_media and leaves and any(map(_holds_media, job.inputs.values())):
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

    async def survey(self) -> Sequence[Any]:
        """Ask the model servers what they serve. Raises JarvisError."""
        job = Job(id="survey", type=SURVEY.name, model=_SURVEY.model.id, inputs={}, seconds=SURVEY.seconds)
        rows: Any = (await self._pool.run(job, lambda _fraction, _note: None))["served"]
        return list(rows)

    async def ask_servers(self) -> None:
        """Learn now what the model servers serve."""
        await self.servers.refresh(self.survey, self._renew)

    def _renew(self) -> None:
        self._served = self._allowed()
        self._pool.renew(self._all())

    def _all(self) -> tuple[Card, ...]:
        return (*self._cards.values(), *(one.card for one in self._served.values()), _HUB, _SURVEY)

    def _usable(self, cards: Iterable[Card]) -> Iterator[Card]:
        """Yield the cards of hosted inference that may be used."""
        for card in cards if self._hub else ():
            if card.place is Place.REMOTE and not (self._keep_media and needs_media(card.type)):
                yield card

    def _allowed(self) -> dict[_Key, Served]:
        """Return what model servers serve and may be used: with files to be kept, those of our own house get some."""
        return {
            key: one
            for key, one in self.servers.served().items()
            if not (self._keep_media and one.place is Place.REMOTE and needs_media(one.card.type))
            and not one.card.missing()
        }

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


def _offered(one: Served) -> Offer:
    """Return the offer of a model server's model."""
    card = one.card
    fit = partial(card.make.fit, card.model)
    return Offer(type=card.type.name, model=card.model, place=one.place, ready=True, fit=fit)


def needs_media(task: TaskType) -> bool:
    """Whether a task cannot be done without a file that is no text."""
    return any(take.required and MEDIA.issuperset(take.kinds) for take in task.takes)


MEDIA = frozenset({Kind.IMAGE, Kind.AUDIO, Kind.VIDEO, Kind.DOCUMENT})


def _holds_media(value: Value) -> bool:
    return any(isinstance(part, Media) for part in (value if isinstance(value, list) else [value]))

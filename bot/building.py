"""How this installation is: what waits, which devices there are and what they do, which places can be reached."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from bot.settings import Settings
from core.amounts import counted
from core.executors.pool import PoolStatus
from core.executors.slot import SlotStatus
from core.figures import Figures
from core.ports import Offer
from core.stages.policy import ALLOWED
from core.stages.safety import watched
from core.types import Mode, Place

NAMES = {Place.EMBEDDED: "Embedded models", Place.LOCAL: "Own devices", Place.REMOTE: "Hosted inference"}

PLANNERS = {"embedded": "the built-in rules"}
"""What those who plan are called who are no language models."""

SHOWN = 8
"""Models that are named of those loaded, and of those unwell."""


def absent(settings: Settings, there: Collection[Place]) -> dict[Place, str]:
    """Return the places that an installation lacks, and why."""
    bare = "DEVICES is none" if settings.devices == ("none",) else "PyTorch is missing; ./scripts/local installs it"
    why = {Place.LOCAL: bare, Place.REMOTE: "it is not set up, for HF_TOKEN is not set"}
    return {place: words for place, words in why.items() if place not in there}


def missing(mode: Mode, there: Collection[Place], why_not: Callable[[Place], str]) -> list[str]:
    """Return which of a mode's places cannot be used, of those that are not ``there``, and what stands in for them."""
    wanted = [place for place in ALLOWED[mode] if place is not Place.EMBEDDED]
    said = [f"{NAMES[place]} cannot be used: {why_not(place)}." for place in wanted if place not in there]
    serving = [place for place in ALLOWED[mode] if place in there]
    instead = " and ".join(NAMES[place].lower() for place in serving) or "no models"
    stand = "stands" if serving == [Place.REMOTE] else "stand"
    return [*said, f"So {instead} {stand} in."] if said else []


class Machines(Protocol):
    """The executors of an installation."""

    def offers(self) -> Collection[Offer]:
        """Return what can run now."""
        ...

    def status(self) -> Mapping[Place, PoolStatus]:
        """Return how each place is that there is."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Building:
    """What there is, and why something is not."""

    machines: Machines
    waiting: Callable[[], Awaitable[int]]
    planner: str = ""  # who plans
    absent: Mapping[Place, str] = field(default_factory=dict)  # the places that are not set up, and why
    figures: Figures = field(default_factory=Figures)
    internal: Collection[str] = ()  # task types that nobody asks for

    async def lines(self) -> list[str]:
        """Return how everything is, a line each."""
        status, offers = self.machines.status(), self._offers()
        requests = counted(await self.waiting(), "request")
        jobs = counted(sum(pool.waiting for pool in status.values()), "task")
        return [
            f"Queue: {requests} to be answered, {jobs} waiting for a device.",
            *([f"Plans are made by {PLANNERS.get(self.planner, self.planner)}."] if self.planner else []),
            *(self._place(place, status.get(place), offers) for place in Place),
            *(line for place, pool in status.items() if place is not Place.REMOTE for line in _devices(place, pool)),
            watched(list(self.machines.offers())),
            *self._unwell(),
        ]

    def effect(self, mode: Mode) -> str:
        """Return what a mode comes to now: which of its places is missing and what stands in, and what can be done."""
        offers = self._offers()
        there = {offer.place for offer in offers}
        able = len({offer.type for offer in offers if offer.place in ALLOWED[mode]})
        return " ".join([*missing(mode, there, self._why_not), f"{counted(able, 'task')} can be done now."])

    def _offers(self) -> list[Offer]:
        return [offer for offer in self.machines.offers() if offer.type not in self.internal]

    def _why_not(self, place: Place) -> str:
        return self.absent.get(place, "set up, but no model is ready there now")

    def _place(self, place: Place, pool: PoolStatus | None, offers: Collection[Offer]) -> str:
        models = len({offer.model.id for offer in offers if offer.place is place})
        if pool is None or not models:
            return f"{NAMES[place]}: {self._why_not(place)}."
        health = "" if pool.ready else ", some of its processes are starting"
        return f"{NAMES[place]}: {counted(models, 'model')} can run{health}."

    def _unwell(self) -> Iterator[str]:
        unwell = [f"{model} ({task})" for task, model, _ in self.figures.unwell()]
        if unwell:
            more = f" and {len(unwell) - SHOWN} more" if len(unwell) > SHOWN else ""
            yield f"Unwell, so asked last: {', '.join(unwell[:SHOWN])}{more}."


def _devices(place: Place, pool: PoolStatus) -> Iterator[str]:
    """Yield a line for each process on a device of our own; those of embedded models are told together."""
    if place is Place.EMBEDDED:
        running = Counter(slot.running for slot in pool.slots if slot.running)
        doing = ", ".join(f"{task} × {count}" for task, count in sorted(running.items())) or "idle"
        yield f"Processor for embedded models: {len(pool.slots)} at a time, {doing}."
        return
    for slot in pool.slots:
        yield f"{slot.device.name}{_title(slot)}: {_memory(slot)}, {slot.running or 'idle'}; {_loaded(slot)}."


def _title(slot: SlotStatus) -> str:
    return f" ({slot.device.title})" if slot.device.title else ""


def _memory(slot: SlotStatus) -> str:
    of = f" of {slot.device.memory / 1e9:.1f}" if slot.device.memory is not None else ""
    return f"{slot.bytes / 1e9:.1f}{of} GB taken"


def _loaded(slot: SlotStatus) -> str:
    models = [model for _, model in slot.loaded]
    more = f" and {len(models) - SHOWN} more" if len(models) > SHOWN else ""
    return f"loaded: {', '.join(models[:SHOWN])}{more}" if models else "nothing is loaded"

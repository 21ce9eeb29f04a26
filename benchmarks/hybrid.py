"""What choosing the place for each task is worth: hybrid against own devices alone and hosted inference alone.

Run it with ``python -m benchmarks.hybrid``. Requests come at random, always at the same moments, and go through the
whole orchestrator: real selection, real child processes, the real client libraries and a router of this machine whose
model takes as long as told.

The own device is this machine's processor, which runs a tiny model; with ``--wait SECONDS`` it is one that only waits,
as a bot does for a GPU, one job at a time. How long a job takes there is measured first: rates and the router's times
are given in it, and so are all figures, for machines differ.
"""

from __future__ import annotations

import argparse
import gc
import logging
import random
import statistics
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import anyio
import structlog
from rich.console import Console
from rich.table import Table

from core.contract import Model
from core.controllers.embedded import EmbeddedController
from core.events import Selected, Trace
from core.executors.device import Device
from core.executors.hosted import Hosted
from core.executors.pool import Pool
from core.executors.route import Route
from core.limits import Limits
from core.orchestrator import Orchestrator
from core.ports import Brief, Draft
from core.registry import EXPERTS, Registry
from core.remote.terms import Terms
from core.types import Author, Mode, Origin, Place, Request
from storage.blobs import MemoryBlobs
from storage.memory import MemoryStore
from tests.simulators.providers import Served
from tests.simulators.router import Router

PACKAGES = (*EXPERTS, "benchmarks.toys")
MARK = 1.1
"""How many times the better place alone hybrid may take."""

TALKER = "tiny/llama-chat"

FAR = Served("groq", "conversational", "far/talker")


class Planner(EmbeddedController):
    """Plans one task without thinking."""

    async def plan(self, brief: Brief) -> AsyncIterator[Draft]:
        yield Draft(id=0, type="conversational", args={"text": brief.text})


@dataclass(slots=True)
class Run:
    """Seconds of each request, and where they went."""

    seconds: list[float] = field(default_factory=list)
    places: Counter[str] = field(default_factory=Counter)

    @property
    def marks(self) -> tuple[float, float]:
        """The median, and what 95 of 100 requests keep to."""
        ordered = sorted(self.seconds)
        return statistics.median(ordered), ordered[int(len(ordered) * 0.95)]


@dataclass(frozen=True, slots=True)
class Own:
    """An own device: its model, and what its pool is told."""

    model: Model
    told: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class World:
    """A house with both places, and the router behind one of them."""

    mind: Orchestrator
    router: Router
    loop: list[tuple[float, float]]  # how long the event loop was held each time, and how much of that it worked

    async def answer(self, number: int, mode: Mode, run: Run) -> None:
        """Have one request answered."""
        began = time.perf_counter()
        origin = Origin(platform="bench", channel="c", conversation=f"t{number}", message=str(number))
        asked = Request(id=f"r{number}", origin=origin, author=Author(id=f"a{number}"), text="How are you?", mode=mode)
        async with self.mind.answer(asked, Trace(), _no_files) as events:
            last = [event async for event in events]
        run.seconds.append(time.perf_counter() - began)
        selected = [event.selection for event in last if isinstance(event, Selected)]
        assert selected, last
        run.places[selected[-1].place.value] += 1

    async def measure(self, mode: Mode, arrivals: Sequence[float], *, alone: int = 0) -> Run:
        """Have all requests answered, each begun at its moment; with ``alone`` so many, one after the other."""
        warm, run = Run(), Run()
        for number in range(6):
            await self.answer(-1 - number, (mode, Mode.LOCAL, Mode.REMOTE)[number % 3], warm)
        for number in range(alone):
            await self.answer(number, mode, run)
        if alone:
            return run
        async with anyio.create_task_group() as group:
            began = time.perf_counter()
            for number, moment in enumerate(arrivals):
                await anyio.sleep(max(0.0, began + moment - time.perf_counter()))
                group.start_soon(self.answer, number, mode, run)
        return run


def waiting(seconds: float) -> Own:
    """Return an own device that waits so long for each job."""
    return Own(Model(id="own/talker", family="waits", settings={"seconds": seconds}))


def computing() -> Own:
    """Return this machine's processor with a tiny model that talks."""
    from tests.tiny.zoo import catalogue, hub_cache

    model = next(one for one in catalogue()["conversational"] if one.id == TALKER)
    environment = {"HF_HUB_CACHE": str(hub_cache(TALKER)), "HF_HUB_OFFLINE": "1"}
    device = Device(name="cpu", memory=4 * 10**9)
    return Own(model, {"devices": [device], "environment": environment, "preload": ("core.local.preload",)})


@asynccontextmanager
async def world(here: Own) -> AsyncIterator[World]:
    """Open a house with an own device."""
    rows = (here.model, Model(id=FAR.model, family="hosted", providers=(FAR.provider,)))
    registry = Registry.discover(*PACKAGES, catalogue={"conversational": rows})
    async with AsyncExitStack() as stack:
        router = await stack.enter_async_context(Router([FAR]))
        terms = Terms(token="hf_benchmark", router=router.url, endpoint="http://127.0.0.1:9")  # noqa: S106 - for this router
        told: Any = here.told
        own = Pool(registry, place=Place.LOCAL, types=["conversational"], packages=PACKAGES, queue=1000, **told)
        hosted = Hosted(registry, terms, packages=PACKAGES, slots=8)
        for pool in (own, hosted):
            await stack.enter_async_context(pool)
            await pool.ready()
        store = MemoryStore()
        mind = Orchestrator(
            registry=registry,
            controller=Planner(),
            executor=Route([own, hosted]),
            blobs=MemoryBlobs(),
            memory=store.memory,
            results=store.results,
            rules=store.rules,
            limits=Limits(),
        )
        held: list[tuple[float, float]] = []
        group = await stack.enter_async_context(anyio.create_task_group())
        group.start_soon(_watch, held)
        yield World(mind, router, held)
        group.cancel_scope.cancel()


async def _watch(held: list[tuple[float, float]]) -> None:
    while True:
        before, worked = time.perf_counter(), time.thread_time()
        await anyio.sleep(0.005)
        held.append((time.perf_counter() - before - 0.005, time.thread_time() - worked))


async def _no_files(address: str) -> AsyncIterator[bytes]:
    yield address.encode()


def arrivals(count: int, rate: float) -> list[float]:
    """Return the moments at which requests come, ``rate`` a second on average."""
    dice, moment, found = random.Random(5), 0.0, list[float]()  # the same each time
    for _ in range(count):
        moment += dice.expovariate(rate)
        found.append(moment)
    return found


async def main() -> None:
    """Measure and print the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--requests", type=int, default=200)
    options.add_argument("--wait", type=float, help="seconds that the own device only waits for a job")
    options.add_argument("--far", type=float, nargs="+", default=[0.4, 1.0, 2.4], help="times the own device's seconds")
    options.add_argument("--rates", type=float, nargs="+", default=[0.6, 2.0, 4.0], help="requests in that time")
    given = options.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    table = Table("requests", "far", "own alone p50/p95", "hosted alone p50/p95", "hybrid p50/p95", "went far", "")
    console = Console(width=130)
    async with world(waiting(given.wait) if given.wait else computing()) as there:
        await there.measure(Mode.HYBRID, [0.0])
        unit = (await there.measure(Mode.LOCAL, [0.0], alone=10)).marks[0]
        console.print(f"A job takes {unit:.2f} s on the own device; all else is in that time.")
        gc.collect()
        gc.freeze()  # as the bot does when it is ready
        await anyio.sleep(0.05)
        there.loop.clear()  # what was imported and made for the first requests does not count
        for rate in given.rates:
            moments = [moment * unit for moment in arrivals(given.requests, rate)]
            own = await there.measure(Mode.LOCAL, moments)
            for far in given.far:
                there.router.served[:] = [Served(FAR.provider, FAR.task, FAR.model, seconds=far * unit)]
                hosted = await there.measure(Mode.REMOTE, moments)
                hybrid = await there.measure(Mode.HYBRID, moments)
                row = [_told(run, unit) for run in (own, hosted, hybrid)]
                table.add_row(f"{rate:g}", f"{far:g}", *row, *_verdict(own, hosted, hybrid))
                console.log(*row, *_verdict(own, hosted, hybrid))  # all of it takes a quarter of an hour
        held, worked = (sorted(each) for each in zip(*there.loop, strict=True))
    console.print(table)
    usual, most, work = held[int(len(held) * 0.999)], held[-1], worked[-1]
    console.print(
        f"event loop held: {usual * 1e3:.0f} ms at p99.9, {most * 1e3:.0f} ms once; {work * 1e3:.0f} ms by work"
    )


def _told(run: Run, unit: float) -> str:
    return " / ".join(f"{seconds / unit:.2f}" for seconds in run.marks)


def _verdict(own: Run, hosted: Run, hybrid: Run) -> tuple[str, str]:
    """Return the share that went far, and whether hybrid keeps to the mark."""
    best = (min(pair) for pair in zip(own.marks, hosted.marks, strict=True))
    ratios = [mixed / alone for mixed, alone in zip(hybrid.marks, best, strict=True)]
    verdict = "held" if all(ratio <= MARK for ratio in ratios) else "[bold red]missed[/]"
    far = hybrid.places[Place.REMOTE.value] / len(hybrid.seconds)
    return f"{far:.0%}", f"{verdict} ({ratios[0]:.2f}, {ratios[1]:.2f})"


if __name__ == "__main__":
    anyio.run(main)

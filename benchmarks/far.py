"""The far ends of a benchmark: instant planning, experts that sleep, a mouth that keeps quiet."""

from __future__ import annotations

import tempfile
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import anyio

from adapters.base import Capabilities
from bot.answering import Desk
from bot.reception import Reception
from bot.worker import Worker
from core.contract import Give, Model, Take, TaskType
from core.events import Trace
from core.limits import Limits
from core.orchestrator import Orchestrator
from core.ports import NO_CHOICE, Brief, Choice, Controller, Draft, Job, Offer, OnProgress, Say, Tie
from core.registry import Registry
from core.types import Author, Kind, Mode, Origin, Place, Request, Value
from migrations import upgrade
from storage.blobs import FileBlobs
from storage.engine import open_engine
from storage.store import Store

SHAPES: Mapping[str, Sequence[Sequence[int]]] = {
    "one task": [[]],
    "chain of 3": [[], [0], [1]],
    "fan of 4": [[], [], [], []],
    "diamond of 6": [[], [0], [0], [0], [0], [1, 2, 3, 4]],
}
"""For each task, the tasks it needs."""

DEPTH = {"one task": 1, "chain of 3": 3, "fan of 4": 1, "diamond of 6": 3}
QUICK = Capabilities(text_chars=2000, file_bytes=1, files=1, edits_per_second=5)
STEP = TaskType(
    name="step",
    summary="Does nothing in no time.",
    takes=(Take(name="text", kinds=(Kind.TEXT,), many=True),),
    gives=(Give(name="text", kind=Kind.TEXT),),
    repeatable=False,
)


@dataclass
class Instant:
    """A controller that plans one shape, an executor that sleeps, and a mouth that keeps quiet: the far ends."""

    shape: Sequence[Sequence[int]]
    seconds: float = 0.0
    name: str = "instant"
    platform: str = "bench"
    capabilities: Capabilities = QUICK
    answered: dict[str, anyio.Event] = field(default_factory=dict)
    seen: dict[str, float] = field(default_factory=dict)  # when the first sign of each request was posted
    ran: dict[str, float] = field(default_factory=dict)  # when the first job of each request began

    async def plan(self, brief: Brief) -> AsyncIterator[Draft | Say]:
        for number, needs in enumerate(self.shape):
            yield Draft(id=number, type="step", args={"text": [f"<resource-{need}>" for need in needs] or ["go"]})

    async def respond(self, brief: Brief, trace: Trace) -> AsyncIterator[Draft | Say]:
        yield Say(f"{len(trace.results)} done")

    async def choose(self, text: str, ties: Sequence[Tie]) -> Choice:
        return NO_CHOICE

    def offers(self) -> Sequence[Offer]:
        return [Offer(type="step", model=Model(id="sleep"), place=Place.EMBEDDED)]

    async def run(self, job: Job, on_progress: OnProgress) -> Mapping[str, Value]:
        self.ran.setdefault(job.id.partition("/")[0], time.perf_counter())
        if self.seconds:
            await anyio.sleep(self.seconds)
        return {"text": "done"}

    async def warm(self, type: str, model: str) -> None:  # noqa: A002 - the port says so
        return

    async def open(self, request: Request) -> str:
        self.seen[request.id] = time.perf_counter()
        return request.id

    async def show(self, request: Request, handle: str, trace: Trace) -> None:
        return

    async def finish(self, request: Request, handle: str, trace: Trace) -> str:
        assert trace.answer is not None
        assert len(trace.results) == len(self.shape)
        self.answered[request.id].set()
        return handle

    async def fetch(self, address: str) -> AsyncIterator[bytes]:
        yield b""


@dataclass(frozen=True)
class Bench:
    """A running worker and the door to it."""

    far: Instant
    hear: Reception

    async def ask(self, number: int) -> float:
        """Ask, and return the seconds until the answer is posted."""
        name = f"bench:{number}"
        origin = Origin(platform="bench", channel="c", conversation=str(number), message=str(number))
        self.far.answered[name] = anyio.Event()
        began = time.perf_counter()
        await self.hear(Request(id=name, origin=origin, author=Author(id=str(number)), text="go"))
        await self.far.answered[name].wait()
        return time.perf_counter() - began


@asynccontextmanager
async def bench(
    shape: Sequence[Sequence[int]], seconds: float = 0.0, *, at_once: int = 16, controller: Controller | None = None
) -> AsyncIterator[Bench]:
    """Set everything up in a folder of its own."""
    far = Instant(shape, seconds)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{Path(folder) / 'jarvis.db'}"
        await upgrade(url)
        store = Store(open_engine(url))
        orchestrator = Orchestrator(
            registry=Registry({"step": STEP}, ()),
            controller=controller or far,
            executor=far,
            blobs=FileBlobs(Path(folder) / "blobs"),
            memory=store.memory,
            results=store.results,
            rules=store.rules,
            limits=Limits(),
        )
        desk = Desk(
            inbox=store.inbox,
            journal=store.journal,
            memory=store.memory,
            orchestrator=orchestrator,
            observe=lambda _request, _event: None,
            worker="bench",
        )
        worker = Worker(desk=desk, mouths={"bench": far}, at_once=at_once)
        hear = Reception(inbox=store.inbox, modes=store.modes, limits=Limits(), mode=Mode.HYBRID, wake=worker.wake)
        async with anyio.create_task_group() as group:
            group.start_soon(worker.run)
            yield Bench(far, hear)
            worker.stop()
        await store.close()

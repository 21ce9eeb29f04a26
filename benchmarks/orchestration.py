"""What JARVIS itself costs: from a message heard to its answer posted, with instant planning, journal included.

``python -m benchmarks.orchestration``: real worker, orchestrator and SQLite store; only the far ends are instant.
"""

from __future__ import annotations

import resource
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import anyio
from rich.console import Console
from rich.table import Table

from adapters.base import Capabilities
from benchmarks.loop import longest_block
from bot.answering import Desk
from bot.reception import Reception
from bot.worker import Worker
from core.events import Trace
from core.limits import Limits
from core.orchestrator import Orchestrator
from core.ports import Brief, Draft, Job, Offer, OnProgress, Say
from core.registry import Give, Model, Registry, Take, TaskType
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
MARKS = {"one task": 15.0, "diamond of 6": 40.0}  # milliseconds
EXPERT_SECONDS = 0.5

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

    async def plan(self, brief: Brief) -> AsyncIterator[Draft | Say]:
        for number, needs in enumerate(self.shape):
            yield Draft(id=number, type="step", args={"text": [f"<resource-{need}>" for need in needs] or ["go"]})

    async def respond(self, brief: Brief, trace: Trace) -> AsyncIterator[Draft | Say]:
        yield Say(f"{len(trace.results)} done")

    def offers(self) -> Sequence[Offer]:
        return [Offer(type="step", model=Model(id="sleep"), place=Place.EMBEDDED)]

    async def run(self, job: Job, on_progress: OnProgress) -> Mapping[str, Value]:
        if self.seconds:
            await anyio.sleep(self.seconds)
        return {"text": "done"}

    async def warm(self, type: str, model: str) -> None:  # noqa: A002 - the port says so
        return

    async def open(self, request: Request) -> str:
        return request.id

    async def show(self, request: Request, handle: str, trace: Trace) -> None:
        return

    async def finish(self, request: Request, handle: str, trace: Trace) -> str:
        assert trace.answer is not None
        assert trace.answer.text == f"{len(self.shape)} done"
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
async def bench(shape: str, seconds: float = 0.0, *, at_once: int = 16) -> AsyncIterator[Bench]:
    """Set everything up in a folder of its own."""
    far = Instant(SHAPES[shape], seconds)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{Path(folder) / 'jarvis.db'}"
        await upgrade(url)
        store = Store(open_engine(url))
        orchestrator = Orchestrator(
            registry=Registry({"step": STEP}, ()),
            controller=far,
            executor=far,
            blobs=FileBlobs(Path(folder) / "blobs"),
            memory=store.memory,
            results=store.results,
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


async def overhead(console: Console) -> None:
    """Print what each shape costs with instant experts, and how near experts of half a second come to ideal."""
    table = Table("shape", "median ms", "p95 ms", "mark ms", "with 0.5 s experts", "over the critical path")
    for shape in SHAPES:
        async with bench(shape) as quick:
            await quick.ask(-1)
            seconds = sorted([await quick.ask(number) for number in range(100)])
        async with bench(shape, EXPERT_SECONDS) as slow:
            await slow.ask(-1)
            real = statistics.median([await slow.ask(number) for number in range(5)])
        ideal = DEPTH[shape] * EXPERT_SECONDS
        median, high = 1000 * statistics.median(seconds), 1000 * seconds[94]
        mark = f"{MARKS[shape]:.0f}" if shape in MARKS else "-"
        table.add_row(shape, f"{median:.1f}", f"{high:.1f}", mark, f"{real:.3f} s", f"{real / ideal - 1:+.1%}")
    console.print(table)


async def crowd(console: Console, requests: int = 500, seconds: float = 0.2) -> None:
    """Print what many requests in flight at once in this process cost."""
    took: list[float] = []
    async with bench("one task", seconds, at_once=requests) as many, longest_block() as block:
        began = time.perf_counter()

        async def one(number: int) -> None:
            took.append(await many.ask(number))

        async with anyio.create_task_group() as group:
            for number in range(requests):
                group.start_soon(one, number)
        whole = time.perf_counter() - began
    assert len(took) == requests
    table = Table("requests in flight", "lost", "per second", "p50 s", "p95 s", "loop blocked ms", "peak memory MB")
    table.add_row(
        str(requests),
        "0",
        f"{requests / whole:.0f}",
        f"{statistics.median(took):.2f}",
        f"{sorted(took)[int(0.95 * requests)]:.2f}",
        f"{1000 * block.seconds:.0f}",
        f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f}",
    )
    console.print(table)


async def main() -> None:
    """Measure and print."""
    console = Console()
    await overhead(console)
    await crowd(console)


if __name__ == "__main__":
    anyio.run(main)

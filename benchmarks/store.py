"""What the store costs: the median of each operation on SQLite, and of a whole request as the orchestrator uses it.

Run with: python -m benchmarks.store
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter

from core.events import Answered, Event, Finished, PlanClosed, Planned, Posted, Selected, Started
from core.types import Author, Origin, Place, Request, Result, Selection, Task, Turn
from migrations import upgrade
from storage.blobs import FileBlobs
from storage.engine import open_engine, sqlite_url
from storage.store import Store

ROUNDS = 200
BACKLOG = 1000
MEDIA = bytes(5 * 1024 * 1024)


def request(number: int, owner: str = "ada", conversation: str | None = None) -> Request:
    """Return the request of one message."""
    origin = Origin(platform="web", channel="main", conversation=conversation or str(number), message=f"m{number}")
    text = "Describe the photo and read it aloud"
    return Request(id=f"r{number}", origin=origin, author=Author(id=owner), text=text, accepted_at=1.0 + number)


def events(tasks: int) -> list[list[Event]]:
    """Return what a request with so many tasks appends, in batches as they come."""
    planned: list[Event] = [Planned(Task(id=number, type="image-to-text")) for number in range(tasks)]
    batches: list[list[Event]] = [[Posted("handle"), *planned, PlanClosed()]]
    for number in range(tasks):
        chosen = Selection(task=number, model="rapidocr", place=Place.EMBEDDED, why="it reads text")
        done = Result(task=number, outputs={"text": "words " * 50}, seconds=0.1, model="rapidocr", place=Place.EMBEDDED)
        batches += [[Selected(chosen), Started(number)], [Finished(done)]]
    return [*batches, [Answered("It says so."), Posted("handle", final=True)]]


async def whole(store: Store, number: int, tasks: int) -> None:
    """Take one request through the store from acceptance to the end."""
    asked = request(number)
    await store.inbox.accept(asked)
    claim = await store.inbox.claim("worker", lease=30, platforms=["web"])
    assert claim is not None
    assert claim.request.id == asked.id
    await store.memory.window(asked.origin.thread, before=asked.id)
    written = 0
    for batch in events(tasks):
        await store.journal.append(asked.id, batch, after=written)
        written += len(batch)
    for role in ("user", "assistant"):
        await store.memory.remember(
            asked.origin.thread, Turn(request=asked.id, role=role, author="ada", text="x" * 200, at=1.0)
        )
    await store.inbox.settle(asked.id, "worker", done=True)


async def measure(name: str, work: Callable[[int], Awaitable[object]], rounds: int = ROUNDS) -> None:
    """Print the median and the 95th percentile of ``work``, in milliseconds."""
    times = []
    for number in range(rounds):
        begun = perf_counter()
        await work(number)
        times.append((perf_counter() - begun) * 1000)
    print(f"{name:<44} {median(times):8.2f} ms {quantiles(times, n=20)[-1]:8.2f} ms")


async def parts(store: Store, first: int) -> None:
    """Measure each operation alone."""
    turn = Turn(request="r0", role="assistant", author="JARVIS", text="x" * 200, at=1.0)
    two = [Started(0), Started(1)]
    await measure("accept", lambda n: store.inbox.accept(request(first + n)))
    await measure("accept, known already", lambda n: store.inbox.accept(request(first + n)))
    await measure("claim", lambda _: store.inbox.claim("w", lease=900, platforms=["web"]))
    await measure(f"renew {ROUNDS} leases", lambda _: store.inbox.renew("w", lease=900))
    await measure("settle", lambda n: store.inbox.settle(f"r{first + n}", "w", done=True))
    await measure("append one event", lambda n: store.journal.append("one", [Started(n)], after=n))
    await measure("append two events", lambda n: store.journal.append("two", two, after=2 * n))
    await measure(f"read {ROUNDS} events", lambda _: store.journal.read("one"))
    await measure("remember", lambda n: store.memory.remember(f"t{n}", turn))
    await measure("window", lambda n: store.memory.window(f"t{n}"))
    await measure("mode", lambda _: store.modes.get("web//main", "web"))


async def crowded(store: Store, first: int) -> None:
    """Measure claiming while many wait."""
    for number in range(BACKLOG):
        await store.inbox.accept(request(first + number, owner=f"user{number % 50}", conversation=f"c{number % 200}"))
    await measure(f"claim, {BACKLOG} waiting", lambda _: store.inbox.claim("w", lease=900, platforms=["web"]), 100)


async def main() -> None:
    """Print the table."""
    print(f"{'':<44} {'median':>11} {'95 %':>11}")
    with TemporaryDirectory() as folder:
        url = sqlite_url(Path(folder))
        await measure("upgrade, up to date after the first", lambda _: upgrade(url), 20)
        store = Store(open_engine(url))
        await measure("whole request, 1 task", lambda n: whole(store, n, 1))
        await measure("whole request, 6 tasks", lambda n: whole(store, ROUNDS + n, 6))
        await parts(store, 2 * ROUNDS)
        await crowded(store, 3 * ROUNDS)
        await store.close()
        blobs = FileBlobs(Path(folder) / "blobs")
        await measure("put 5 MB", lambda n: blobs.put(MEDIA + bytes([n])), 20)
        digest = await blobs.put(MEDIA)
        await measure("get 5 MB", lambda _: blobs.get(digest), 20)


if __name__ == "__main__":
    asyncio.run(main())

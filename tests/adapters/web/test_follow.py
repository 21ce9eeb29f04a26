from __future__ import annotations

import anyio
import pytest

from adapters.web import follow as module
from adapters.web.follow import Hub, follow, newer
from core.events import Answered, Posted, Progressed, Said, Started, Trace, fold
from storage.memory import MemoryStore
from tests.fakes import request

pytestmark = pytest.mark.anyio


async def test_what_is_told_here_arrives_at_once() -> None:
    """Everything the mouth of this process says is seen, also what is never journaled; the end comes last."""
    hub, store, seen = Hub(), MemoryStore(), list[str]()

    async def listen() -> None:
        async for trace in follow(hub, store.journal, "r"):
            seen.append(trace.saying)

    async with anyio.create_task_group() as group:
        group.start_soon(listen)
        await anyio.sleep(0.01)
        hub.tell("r", fold([Said("Hel")]))
        await anyio.sleep(0.01)
        hub.tell("r", fold([Said("Hello")]), final=True)
    assert seen == ["", "Hel", "Hello"]


async def test_the_end_is_seen_by_who_looks_slowly() -> None:
    """Whoever is still busy with an earlier picture when the end comes gets the end all the same."""
    hub, store, seen = Hub(), MemoryStore(), list[Trace]()

    async def listen() -> None:
        async for trace in follow(hub, store.journal, "r"):
            seen.append(trace)
            await anyio.sleep(0.05)

    async with anyio.create_task_group() as group:
        group.start_soon(listen)
        await anyio.sleep(0.01)
        for number in range(5):
            hub.tell("r", fold([Said(str(number))]))
        hub.tell("r", fold([Answered("end")]), final=True)
    assert seen[-1].answer == Answered("end")
    assert len(seen) <= 3


async def test_what_another_process_journals_arrives(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a worker here the journal is read until the end is posted."""
    monkeypatch.setattr(module, "POLL_SECONDS", 0.01)
    store, seen = MemoryStore(), list[Trace]()
    await store.inbox.accept(request())

    async def work() -> None:
        await store.journal.append("test:1", [Posted("h")], after=0)
        await anyio.sleep(0.03)
        await store.journal.append("test:1", [Answered("done"), Posted("h", final=True)], after=1)

    async with anyio.create_task_group() as group:
        group.start_soon(work)
        with anyio.fail_after(5):
            async for trace in follow(Hub(), store.journal, "test:1"):
                seen.append(trace)
    assert seen[-1].answer == Answered("done")


def test_whoever_knows_more_is_believed() -> None:
    """News of this process stand until the journal is ahead; then what only this process heard is kept beside it."""
    heard = fold([Started(0), Progressed(0, 0.5), Said("Hel")])
    assert newer(heard, fold([Started(0)])) is heard
    ahead = newer(heard, fold([Started(0), Started(1)]))
    assert (ahead.started, ahead.saying, ahead.progress) == (frozenset({0, 1}), "Hel", heard.progress)


def test_nobody_follows_nothing_is_kept() -> None:
    """What is told to no one is gone, and so is everything about a request when its last follower leaves."""
    hub = Hub()
    hub.tell("r", Trace())
    with hub.watching("r") as watch:
        assert watch.newest is None
    assert not hub._watches

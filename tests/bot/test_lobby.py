"""Those who wait see how many go first; whoever works on a request goes on in the same card."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import anyio
import pytest

from bot.lobby import AT_ONCE, Lobby
from core.events import Posted, Trace
from core.types import Request
from storage.memory import MemoryStore
from tests.bot.wall import Wall, until, working
from tests.fakes import FunctionExecutor, request, task
from tests.stores import AnyStore

pytestmark = pytest.mark.anyio


@dataclass
class Cards(Wall):
    """A wall that knows whose picture it shows."""

    by_request: dict[str, list[Trace]] = field(default_factory=dict)

    async def show(self, request: Request, handle: str, trace: Trace) -> None:
        await super().show(request, handle, trace)
        self.by_request.setdefault(request.id, []).append(trace)

    def ahead(self, number: str) -> list[int]:
        """How many went first, picture by picture."""
        return [trace.waiting.ahead for trace in self.by_request.get(f"test:{number}", []) if trace.waiting]


async def test_who_waits_sees_how_many_go_first(store: AnyStore) -> None:
    """With one slot, each card counts the others; when it is its turn, the same card goes on without that."""
    wall, executor = Cards(), FunctionExecutor(seconds=1.0)
    async with working([task(0)], executor, store=store, wall=wall, at_once=1) as life:
        for number in ("1", "2", "3"):
            await life.hear(request(message=number, conversation=number, author=number))
        await until(lambda: wall.ahead("2") and wall.ahead("3"))
        assert (wall.ahead("2")[0], wall.ahead("3")[0], wall.ahead("1")) == (1, 2, [])
        await until(lambda: len(executor.ran) == 2)
        executor.seconds = 0.0
        trace = await wall.answer("2")
        assert trace.waiting is None
        await wall.answer("3")
        await life.settled()
    assert sorted(wall.opened) == ["test:1", "test:2", "test:3"]
    handles = [event.handle for event in await store.journal.read("test:3") if isinstance(event, Posted)]
    assert handles == ["test:3", "test:3"]


async def test_who_is_taken_up_at_once_never_waits() -> None:
    """Nothing is opened or shown but by the worker."""
    wall = Cards()
    async with working([task(0)], wall=wall) as life:
        for number in ("1", "2", "3"):
            await life.hear(request(message=number, conversation=number))
            await wall.answer(number)
        assert not any(wall.ahead(number) for number in "123")
    assert len(wall.opened) == 3


async def test_a_card_that_is_just_being_opened_is_waited_for() -> None:
    """Claimed at that moment, a request has one card all the same, and its tasks do not wait for it."""
    wall, executor = Cards(slow=0.5), FunctionExecutor()
    store = MemoryStore()
    lobby = Lobby(inbox=store.inbox, mouths={"test": wall}, patience=0.1)
    async with anyio.create_task_group() as group:
        group.start_soon(lobby.keep)
        await store.inbox.accept(request())
        lobby.expect(request())
        await until(lambda: lobby._few.value < AT_ONCE)
        assert await lobby.leave("test:1") == "test:1"
        assert await lobby.leave("test:1") is None
        group.cancel_scope.cancel()
    assert wall.opened == ["test:1"]
    assert not wall.shown
    assert not executor.ran


async def test_a_platform_that_is_down_keeps_nobody(store: AnyStore) -> None:
    """Where a card cannot be opened the request is answered like any other."""

    class Down(Cards):
        fails = True

        async def open(self, request: Request) -> str:
            if self.fails:
                raise ConnectionError("the platform is down")
            return await super().open(request)

    wall, executor = Down(), FunctionExecutor(seconds=0.6)
    async with working([task(0)], executor, store=store, wall=wall, at_once=1) as life:
        for number in ("1", "2"):
            await life.hear(request(message=number, conversation=number))
        await until(lambda: life.worker.lobby._guests and life.worker.lobby._guests["test:2"].shown)
        wall.fails = False
        for number in ("1", "2"):
            assert (await wall.answer(number)).answer


async def test_two_hundred_who_wait_cost_little(store: AnyStore) -> None:
    """Looking at the queue takes a moment, and cards far behind are not shown at every look."""
    wall = Cards()
    lobby = Lobby(inbox=store.inbox, mouths={"test": wall}, patience=0.1, tick=0.1)
    async with anyio.create_task_group() as group:
        group.start_soon(lobby.keep)
        for number in range(200):
            asked = request(message=str(number), conversation=str(number % 150), author=str(number % 20))
            await store.inbox.accept(asked)
            lobby.expect(asked)
        began = time.process_time()
        for _ in range(10):
            assert len((await store.inbox.queue(["test"])).spots) == 200
        assert time.process_time() - began < 3.0  # seconds for ten: in truth about a tenth of that
        await until(lambda: len(wall.by_request) == 200)
        shown = len(wall.shown)
        await anyio.sleep(0.5)  # several looks
        assert len(wall.shown) == shown
        group.cancel_scope.cancel()

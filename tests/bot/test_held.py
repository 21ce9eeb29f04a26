"""A plan that costs more than is spent without asking: it rests until somebody decides, and loses nothing by that."""

from __future__ import annotations

import time

import pytest

from core.events import Approved, Held, State, fold
from core.stages.approval import Allowance
from tests.bot.wall import Life, Wall, until, working
from tests.fakes import FunctionExecutor, request, task
from tests.stores import AnyStore

pytestmark = pytest.mark.anyio

# Nothing was measured: a word is expected to take 6 seconds, what is dear 45.
PLAN = [task(0), task(1, "dear", text="<resource-0>"), task(2, text="<resource-1>")]
TIGHT = Allowance(seconds=10)


async def held(life: Life) -> None:
    """Have a request heard whose plan is held, and wait until it rests."""
    await life.hear(request())
    await life.wall.picture(lambda trace: trace.held)
    await life.settled()


async def test_what_costs_too_much_asks_first(store: AnyStore) -> None:
    """What is cheap has run by then, the question says what is dear, and nothing is claimed or answered."""
    executor = FunctionExecutor()
    async with working(PLAN, executor, store=store, allowance=TIGHT) as life:
        await held(life)
        assert [job.type for job in executor.ran] == ["word"]
        trace = life.wall.shown[-1]
        assert trace.held == Held(
            "This plan would take about 57 seconds (dear alone 45 seconds). Run it?", seconds=57.0
        )
        assert [trace.state(number) for number in range(3)] == [State.DONE, State.WAITING, State.WAITING]
        assert await life.store.waiting() == 0
    assert not life.wall.final


async def test_what_is_approved_goes_on(store: AnyStore) -> None:
    """However often it is pressed: finished tasks are not run again, the message is the same, the answer is whole."""
    executor = FunctionExecutor()
    async with working(PLAN, executor, store=store, allowance=TIGHT) as life:
        await held(life)
        assert [await life.concierge.approve("test:1", by="ada") for _ in range(2)] == ["I am on it."] * 2
        trace = await life.wall.answer()
        assert trace.answer is not None
        assert trace.answer.text == "0=<t0>; 1=<<t0>>; 2=<<<t0>>>"
        assert [job.id for job in executor.ran] == ["test:1/0", "test:1/1", "test:1/2"]
        assert life.wall.opened == ["test:1"]
        await life.settled()
        assert await life.concierge.approve("test:1", by="ada") == "There is nothing to approve any more."
    events = await store.journal.read("test:1")
    assert [event for event in events if isinstance(event, Approved)] == [Approved("ada")]


async def test_it_blocks_no_one(store: AnyStore) -> None:
    """The next message of the conversation is answered while the plan rests, with one slot for all."""
    async with working(PLAN, store=store, allowance=TIGHT, at_once=1) as life:
        await held(life)
        await life.hear(request(message="2"))
        await until(lambda: len(life.wall.opened) == 2)
        await life.settled()
        assert fold(await store.journal.read("test:2")).held


async def test_stopping_drops_it(store: AnyStore) -> None:
    """The end is told on the platform, and can be read in the journal."""
    executor = FunctionExecutor()
    async with working(PLAN, executor, store=store, allowance=TIGHT) as life:
        await held(life)
        await life.concierge.stop("test:1", by="ada")
        trace = await life.wall.answer()
        assert (trace.cancelled, trace.held) == ("ada", None)
        assert await life.concierge.approve("test:1", by="bob") == "There is nothing to approve any more."
    assert len(executor.ran) == 1


async def test_what_nobody_decides_about_ends_in_words(store: AnyStore) -> None:
    """After a day it is dropped, and says so."""
    async with working(PLAN, store=store, allowance=TIGHT) as life:
        await held(life)
        await store.inbox.expire(time.time() + 1, "nobody")
        assert "within a day" in str((await life.wall.answer()).failure)


async def test_a_worker_that_died_at_the_question_asks_once_more(store: AnyStore) -> None:
    """Killed between the question's journal entry and parking, another worker shows it and plans nothing anew."""
    executor = FunctionExecutor()
    async with working(PLAN, executor, store=store, allowance=TIGHT) as life:
        await held(life)
    await store.inbox.approve("test:1", "nobody in particular")  # open again, as after such a death ...
    await store.inbox.claim("dead", lease=0, platforms=["test"])
    async with working([], executor, store=store, wall=(wall := Wall()), allowance=TIGHT) as life:
        assert (await wall.answer()).answer  # ... and approved: it goes on from the journal
    assert [job.id for job in executor.ran] == ["test:1/0", "test:1/1", "test:1/2"]


async def test_a_worker_that_died_before_parking_asks_again(store: AnyStore) -> None:
    """Its lease runs out, the next one folds the question, shows it and parks, without running anything."""
    executor, events = FunctionExecutor(), [Held("Run it?", seconds=99.0)]
    await store.inbox.accept(request())
    await store.inbox.claim("dead", lease=0, platforms=["test"])
    await store.journal.append("test:1", events, after=0)
    async with working(PLAN, executor, store=store, allowance=TIGHT) as life:
        await life.wall.picture(lambda trace: trace.held)
        await life.settled()
        assert await store.waiting() == 0
        await life.concierge.approve("test:1", by="ada")
        await life.wall.answer()
    assert len(executor.ran) == 3


async def test_approved_beforehand_nothing_is_asked(store: AnyStore) -> None:
    """Who says at once that it may cost what it takes is not asked."""
    await store.inbox.accept(request())
    await store.inbox.approve("test:1", "ada")
    async with working(PLAN, store=store, allowance=TIGHT) as life:
        assert (await life.wall.answer()).answer
    assert not [event for event in await store.journal.read("test:1") if isinstance(event, Held)]


async def test_a_platform_that_is_down_hears_the_question_later() -> None:
    """The question is not lost with one picture: it is shown again before the request rests."""

    class Deaf(Wall):
        fails = 2

        async def show(self, request_, handle, trace):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
            if trace.held and self.fails:
                self.fails -= 1
                raise ConnectionError("the platform is down")
            await super().show(request_, handle, trace)

    async with working(PLAN, wall=Deaf(), allowance=TIGHT) as life:
        await held(life)
        assert life.wall.shown[-1].held

"""What answering costs is counted once, whoever brings the request to its end."""

from __future__ import annotations

import pytest

from core.events import Answered, Consulted, Event, Finished, Planned, fold
from core.ports import Say
from core.spending import Costs, costs_of
from core.types import Place, Result, Task
from storage.memory import MemoryStore
from tests.bot.wall import working
from tests.fakes import FunctionExecutor, request, task

pytestmark = pytest.mark.anyio


def result(number: int, place: Place, seconds: float, *, cached: bool = False) -> Finished:
    """Return a task's end."""
    return Finished(Result(task=number, outputs={}, seconds=seconds, model="m", place=place, cached=cached))


def test_costs_are_told_by_the_trace() -> None:
    """Own devices and hosted inference apart; what was remembered cost nothing; unknown prices count as none."""
    events: list[Event] = [
        *(Planned(Task(id=number, type="word")) for number in range(4)),
        Consulted(role="plan", model="m", seconds=1.0, cost=0.02),
        Consulted(role="respond", model="m", seconds=1.0),
        result(0, Place.LOCAL, 2.0),
        result(1, Place.EMBEDDED, 1.0),
        result(2, Place.REMOTE, 5.0),
        result(3, Place.LOCAL, 9.0, cached=True),
    ]
    assert costs_of(fold(events)) == Costs(tasks=3, device_seconds=3.0, remote_seconds=5.0, dollars=0.02)


async def test_an_answer_is_counted() -> None:
    """By the request's author, with what its tasks took."""
    async with working([task(0), task(1)]) as life:
        await life.hear(request())
        await life.wall.answer()
        await life.settled()
        (found,) = await life.store.spending.of("test", request().author.id, since=0)
    assert found.costs.tasks == 2
    assert found.costs.device_seconds > 0


async def test_after_a_crash_before_counting_it_is_counted_once() -> None:
    """A request that ended in the journal, but was never counted, is counted by whoever takes it up."""
    store = MemoryStore()
    await store.inbox.accept(request())
    await store.inbox.claim("dead", lease=0, platforms=["test"])
    ended: list[Event] = [Planned(Task(id=0, type="word")), result(0, Place.LOCAL, 2.0), Answered("done")]
    await store.journal.append(request().id, ended, after=0)
    async with working([Say("never asked")], FunctionExecutor(), store=store) as life:
        await life.wall.answer()
        await life.settled()
    assert (await store.spending.total("", since=-1)).costs == Costs(tasks=1, device_seconds=2.0)
    assert (await store.spending.total("", since=-1)).requests == 1

"""A quick model's next batch lies ready in the child before the one at work is over."""

from collections.abc import AsyncIterator
from typing import Any

import anyio
import pytest

from core.errors import WorkerDied
from core.executors.pool import Pool
from core.ports import Job
from tests.core.executors.pools import company, crowd, silent, toy_pool

pytestmark = pytest.mark.anyio


@pytest.fixture
async def pool() -> AsyncIterator[Pool]:
    """One child, in which a model has shown that it is quick."""
    async with toy_pool() as pool:
        await pool.ready()
        for _ in range(5):
            await pool.run(throng("quick"), silent)
        yield pool


def throng(text: str, **more: Any) -> Job:
    """Return a job for the quick model."""
    return crowd(text, model="toy/throng", **more)


async def behind(pool: Pool, first: Job, *jobs: Job) -> list[Any]:
    """Have jobs asked for while another is at work; return what became of all: how many ran together, or the error."""
    ends: list[Any] = [None] * (1 + len(jobs))

    async def ask(number: int, job: Job) -> None:
        ends[number] = await company(pool, job)

    with anyio.fail_after(30):
        async with anyio.create_task_group() as group:
            group.start_soon(ask, 0, first)
            await lying(pool, 1)
            for number, job in enumerate(jobs, start=1):
                group.start_soon(ask, number, job)
            await lying(pool, 1 + len(jobs))
            assert ends[0] is None
    return ends


async def lying(pool: Pool, count: int) -> None:
    """Wait until the child has been asked for so many jobs, the one at work included."""
    while pool.status().slots[0].jobs != count:  # noqa: ASYNC110 - as seen from outside
        await anyio.sleep(0.001)


async def test_the_next_batch_is_asked_for_early(pool: Pool) -> None:
    """What comes meanwhile is with the child already, and each has its own result."""
    assert await behind(pool, throng("a", seconds=0.5), throng("b"), throng("c")) == [1, 2, 2]


async def test_many_at_once_go_in_halves(pool: Pool) -> None:
    """While one half runs, the other's answers are told."""
    ends: list[Any] = []

    async def ask(number: int) -> None:
        ends.append(await company(pool, throng(f"job {number}")))

    async with anyio.create_task_group() as group:
        group.start_soon(pool.run, crowd("before", seconds=0.3), silent)
        await lying(pool, 1)
        for number in range(20):
            group.start_soon(ask, number)
    assert ends == [10] * 20


@pytest.mark.crash
async def test_who_lay_behind_a_crash_is_not_to_blame(pool: Pool) -> None:
    """The child is lost twice by the job before; those that it had not come to yet get their results."""
    first, *others = await behind(pool, throng("die", seconds=0.3), throng("b"), throng("c"))
    assert isinstance(first, WorkerDied)
    assert [isinstance(end, int) for end in others] == [True, True]


async def test_time_runs_from_when_the_child_comes_to_it(pool: Pool) -> None:
    """A hasty job behind a slow one has all the time that it was given."""
    assert await behind(pool, throng("a", seconds=0.8), throng("hasty", deadline=0.4)) == [1, 1]


async def test_who_lies_ready_may_leave_at_once(pool: Pool) -> None:
    """A cancel does not wait for the batch before; that one goes on, and the child answers whoever comes next."""
    async with anyio.create_task_group() as group:
        group.start_soon(pool.run, throng("a", seconds=1.0), silent)
        await lying(pool, 1)
        async with anyio.create_task_group() as inner:
            inner.start_soon(pool.run, throng("b"), silent)
            await lying(pool, 2)
            inner.cancel_scope.cancel()
        assert pool.status().slots[0].jobs == 2  # "a" is at work still, and what "b" wanted is there to be refused
    assert (await pool.run(throng("c"), silent))["text"] == "c"

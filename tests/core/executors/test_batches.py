from collections.abc import AsyncIterator
from typing import Any

import anyio
import pytest

from core.errors import DeadlineExceeded, ExpertFailed, OutOfMemory, WorkerDied
from core.executors.pool import Pool
from core.ports import Job
from tests.core.executors.pools import company, crowd, silent, toy_pool

pytestmark = pytest.mark.anyio


@pytest.fixture
async def pool() -> AsyncIterator[Pool]:
    """One child, in which jobs meet."""
    async with toy_pool() as pool:
        await pool.ready()
        yield pool


async def together(pool: Pool, *jobs: Job) -> list[Any]:
    """Have jobs meet in the queue behind another; return what became of each: how many ran together, or the error."""
    ends: list[Any] = [None] * len(jobs)

    async def ask(number: int, job: Job) -> None:
        ends[number] = await company(pool, job)

    with anyio.fail_after(30):
        async with anyio.create_task_group() as group:
            group.start_soon(pool.run, crowd("first", seconds=0.2), silent)
            await anyio.sleep(0.1)
            for number, job in enumerate(jobs):
                group.start_soon(ask, number, job)
    return ends


async def test_jobs_that_wait_for_one_model_run_together(pool: Pool) -> None:
    """Six jobs of different people make a batch of four, as many as the expert takes, and one of two."""
    assert await together(pool, *(crowd(f"job {number}") for number in range(6))) == [4, 4, 4, 4, 2, 2]


async def test_jobs_for_other_models_stay_out(pool: Pool) -> None:
    """A batch is of one model."""
    ends = await together(pool, crowd("a"), crowd("b", model="toy/greedy"), crowd("c"))
    assert ends == [2, 2, 2]  # toy/greedy says how often it saved memory


async def test_one_bad_job_does_not_spoil_the_batch(pool: Pool) -> None:
    """The others have their results."""
    ends = await together(pool, crowd("a"), crowd("raise"), crowd("b"))
    assert [ends[0], ends[2]] == [3, 3]
    assert isinstance(ends[1], ExpertFailed)


@pytest.mark.crash
async def test_a_job_that_kills_the_child_takes_nobody_along(pool: Pool) -> None:
    """After the crash they run one by one: only who is to blame fails."""
    ends = await together(pool, crowd("a"), crowd("die"), crowd("b"))
    assert [ends[0], ends[2]] == [1, 1]
    assert isinstance(ends[1], WorkerDied)


async def test_a_library_that_exits_costs_the_others_nothing(pool: Pool) -> None:
    """Whoever calls sys.exit() amid a batch fails alone."""
    jobs = [crowd(text, model="toy/patient") for text in ("a", "leave", "b")]
    before, failed, after = await together(pool, *jobs)
    assert (before, after) == (1, 1)
    assert isinstance(failed, ExpertFailed)


async def test_a_batch_that_runs_out_of_memory_is_run_singly(pool: Pool) -> None:
    """What does not fit together may fit one by one."""
    assert await together(pool, crowd("a"), crowd("starve"), crowd("b")) == [1, 1, 1]


async def test_cancelling_one_job_of_a_batch_leaves_the_others(pool: Pool) -> None:
    """It stops, they finish."""
    ends: list[Any] = []

    async def ask(text: str) -> None:
        ends.append((await pool.run(crowd(text, seconds=0.6), silent))["text"])

    async with anyio.create_task_group() as group:
        group.start_soon(pool.run, crowd("first", seconds=0.2), silent)
        await anyio.sleep(0.1)
        group.start_soon(ask, "a")
        with anyio.move_on_after(0.4) as scope:
            await ask("b")
        assert scope.cancelled_caught
    assert ends == ["a"]


async def test_each_job_of_a_batch_has_its_own_deadline(pool: Pool) -> None:
    """The hasty one is told so, the patient one gets its result."""
    ends = await together(pool, crowd("hasty", deadline=0.2, seconds=0.6), crowd("patient", seconds=0.6))
    assert isinstance(ends[0], DeadlineExceeded)
    assert ends[1] == 2


async def test_an_expert_that_can_do_with_less_memory_is_asked_to(pool: Pool) -> None:
    """The ladder is climbed as far as it goes."""
    assert (await pool.run(crowd("a", model="toy/greedy"), silent))["jobs"] == 2


async def test_at_the_top_of_the_ladder_stands_a_sentence(pool: Pool) -> None:
    """An out-of-memory in PyTorch's words is known as one, and the child lives on."""
    pid = pool.status().slots[0].pid
    with pytest.raises(OutOfMemory, match=r"toy/glutton.*needs more memory"):
        await pool.run(crowd("a", model="toy/glutton"), silent)
    assert (await pool.run(crowd("b"), silent))["jobs"] == 1
    assert pool.status().slots[0].pid == pid

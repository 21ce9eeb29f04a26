import contextlib
import os
import random
import signal

import anyio
import pytest

from core.errors import JarvisError
from tests.core.executors.pools import bad, belongings, echo, silent, toy_pool

pytestmark = [pytest.mark.anyio, pytest.mark.crash, pytest.mark.slow]

JOBS = 200


async def test_two_hundred_jobs_survive_children_killed_at_random() -> None:
    """Every job ends with a result or a sentence, the loop never stands still, and nothing is left behind."""
    dice = random.Random(7)
    results: list[str] = []
    sentences: list[str] = []
    longest = 0.0
    ways = ["behave"] * 6 + ["raise", "os._exit", "segfault", "spin"]

    async def ask(number: int) -> None:
        how = dice.choice(ways)
        job = bad(how, deadline=0.3) if number % 3 else echo(f"job {number}", wait=dice.random() / 20)
        try:
            results.append(str((await pool.run(job, silent))["text"]))
        except JarvisError as error:
            sentences.append(error.message)

    async def kill() -> None:
        while True:
            await anyio.sleep(dice.random() / 10)
            alive = [slot.pid for slot in pool.status().slots if slot.pid]
            if alive:
                with contextlib.suppress(ProcessLookupError):  # it was faster
                    os.kill(dice.choice(alive), signal.SIGKILL)

    async def watch_the_loop() -> None:
        nonlocal longest
        while True:
            before = anyio.current_time()
            await anyio.sleep(0.01)
            longest = max(longest, anyio.current_time() - before - 0.01)

    async with toy_pool(slots=3, grace=0.1) as pool:
        await pool.ready()
    before = belongings()
    with anyio.fail_after(120):
        async with toy_pool(slots=3, grace=0.1) as pool, anyio.create_task_group() as troubles:
            troubles.start_soon(kill)
            troubles.start_soon(watch_the_loop)
            async with anyio.create_task_group() as jobs:
                for number in range(JOBS):
                    jobs.start_soon(ask, number)
            deaths = sum(slot.deaths for slot in pool.status().slots)
            troubles.cancel_scope.cancel()
    assert len(results) + len(sentences) == JOBS
    assert len(results) > JOBS / 3
    assert all(sentence.endswith(".") for sentence in sentences)
    assert deaths > 20
    assert longest < 1.0
    processes, files = belongings()
    assert processes <= before[0]
    assert files <= before[1]

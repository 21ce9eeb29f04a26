"""Lives of a bot: processes that are killed, and begin again from what is written down."""

from __future__ import annotations

import multiprocessing
import random
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import anyio

from migrations import upgrade

T = TypeVar("T")

Start: TypeAlias = Callable[..., BaseProcess]
"""Takes what a process runs, and its arguments."""

RUNS = 50
AT_ONCE = 5  # they wait more than they work
REQUESTS = 3


@contextmanager
def starting() -> Iterator[Start]:
    """Yield what starts a life, in 20 ms: the fork server has imported everything already. None outlives the block."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.crash.guest", "tests.crash.victim"])
    begun: list[BaseProcess] = []

    def start(main: Callable[..., None], *args: object) -> BaseProcess:
        process = context.Process(target=main, args=args, daemon=True)
        process.start()
        begun.append(process)
        return process

    try:
        yield start
    finally:
        for process in begun:
            process.kill()
            process.join()


async def side_by_side(first: int, folder: Path, run: Callable[[Path, int], Coroutine[Any, Any, None]]) -> None:
    """Make a few of the runs at once, each with a number from ``first`` on and in a folder with a fresh database."""
    async with anyio.create_task_group() as runs:
        for seed in range(first, first + AT_ONCE):
            own = folder / str(seed)
            own.mkdir()
            await upgrade(f"sqlite+aiosqlite:///{own / 'jarvis.db'}")
            runs.start_soon(run, own, seed)


async def killed_at_random(begin: Callable[[], BaseProcess], seed: int, ask: Callable[[str], Awaitable[T]]) -> list[T]:
    """Die up to three times at random moments, while people go on asking, dead or alive; returns what they asked."""
    dice = random.Random(seed)
    asked = [await ask(f"one {seed}")]
    for _ in range(dice.randint(1, 3)):
        process = begin()
        await anyio.sleep(dice.uniform(0.1, 1.2))
        asked += [await ask("more")] if len(asked) < REQUESTS else []
        await anyio.sleep(dice.uniform(0.0, 1.0))
        process.kill()
        process.join()
    return asked

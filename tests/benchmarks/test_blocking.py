"""Asking hosted inference with large files does not hold the event loop up."""

from __future__ import annotations

import gc
from contextlib import AsyncExitStack

import pytest

from benchmarks.blocking import beside, heavy, living, load
from benchmarks.loop import watched

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

LONGEST = 0.05
"""Seconds of work at a stretch. What else a busy machine does meanwhile is not the bot's doing, and not counted."""


async def test_no_stretch_of_work_is_long() -> None:
    """Pictures of 5 MB come, are sent and come back, half of the questions meet a fault, and others get their turn."""
    pictures = [heavy(5.0)]
    async with AsyncExitStack() as stack:
        _, url = await stack.enter_async_context(beside("far"))
        house = await stack.enter_async_context(living(url))
        await load(house, 1, 1, pictures)  # what is imported and made for the first request does not count
        gc.collect()
        gc.freeze()  # as the bot does when it is ready; other tests have left much behind
        stack.callback(gc.unfreeze)
        async with watched() as held:
            ends = await load(house, 6, 3, pictures)
    assert ends["Answered"] == 6
    assert ends["Finished"] + ends["Failed"] == 24
    assert ends["Finished"] >= 6
    assert max(held.works) < LONGEST

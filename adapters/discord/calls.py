"""Calls to Discord that nobody interrupts.

discord.py counts the calls of each rate limit as they begin and end. One that is cancelled halfway is never counted as
ended, and the next call to the same place then waits for ever. Besides, nobody could know whether it took effect.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import anyio

T = TypeVar("T")

CALL_SECONDS = 45.0
"""Longer than Discord lets anybody wait for a rate limit of a channel."""


async def whole(call: Coroutine[Any, Any, T], *, seconds: float = CALL_SECONDS, give_up: bool = False) -> T:
    """Make a call to its end, also when the caller is cancelled meanwhile.

    Raises TimeoutError when it takes longer than ``seconds``. It then goes on by itself, unless ``give_up`` ends it:
    it is cancelled once, which discord.py can bear; AnyIO would do so again and again, and keep it from tidying up.
    """
    task = asyncio.ensure_future(call)
    with anyio.CancelScope(shield=True), anyio.move_on_after(seconds):
        return await asyncio.shield(task)
    task.add_done_callback(_forget)
    if give_up:
        task.cancel()
    raise TimeoutError("Discord takes too long.")


def _forget(task: asyncio.Future[Any]) -> None:
    """Look at how an abandoned call ended, so that asyncio does not complain that nobody did."""
    if not task.cancelled():
        task.exception()

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


async def whole(call: Coroutine[Any, Any, T]) -> T:
    """Make a call to its end, also when the caller is cancelled meanwhile.

    Raises TimeoutError when it takes too long; it then goes on by itself.
    """
    task = asyncio.ensure_future(call)
    with anyio.CancelScope(shield=True), anyio.move_on_after(CALL_SECONDS):
        return await asyncio.shield(task)
    task.add_done_callback(_forget)
    raise TimeoutError("Discord takes too long.")


def _forget(task: asyncio.Future[Any]) -> None:
    """Look at how an abandoned call ended, so that asyncio does not complain that nobody did."""
    if not task.cancelled():
        task.exception()

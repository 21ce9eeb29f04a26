"""What a thread's window tells: whether it is ours, and what is under way in it."""

from __future__ import annotations

from collections.abc import Sequence

from core.ports import Memory
from core.types import Turn

LOOK_BACK = 20
"""Turns of a thread that are looked at."""


async def newest(memory: Memory, thread: str) -> str | None:
    """Return the id of the newest request of a thread."""
    turns = await memory.window(thread, limit=LOOK_BACK)
    return next((turn.request for turn in reversed(turns) if turn.role == "user"), None)


async def under_way(memory: Memory, thread: str) -> list[str]:
    """Return the ids of a thread's requests that nobody has answered yet, oldest first."""
    return open_in(await memory.window(thread, limit=LOOK_BACK))


def open_in(turns: Sequence[Turn]) -> list[str]:
    """Return the requests in a window that have no answer."""
    answered = {turn.request for turn in turns if turn.role == "assistant"}
    asked = dict.fromkeys(turn.request for turn in turns if turn.role == "user")
    return [request for request in asked if request not in answered]

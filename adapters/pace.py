"""Keeps below the number of calls a second that a platform takes from one bot, so that none is refused."""

from __future__ import annotations

import anyio


class Pace:
    """Lets callers through one after the other, a few at once after a pause. An instance is entered for each call."""

    def __init__(self, rate: float, burst: int) -> None:
        """Let ``rate`` callers through in a second, and up to ``burst`` without waiting."""
        self._step = 1 / rate
        self._ahead = burst / rate
        self._next = 0.0  # when the next one would come through if all came evenly

    @property
    def free(self) -> bool:
        """Whether nobody has to wait now: the moment for what may also be left out."""
        return self._next - self._ahead <= anyio.current_time()

    async def turn(self) -> None:
        """Wait for one's turn."""
        now = anyio.current_time()
        self._next = max(self._next, now) + self._step
        await anyio.sleep(max(self._next - self._ahead - now, 0.0))

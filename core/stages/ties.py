"""Open ties between candidates: the controller is asked about all that are open at once, where that pays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import anyio
import structlog

from core.errors import JarvisError
from core.ports import Controller, Offer, Tie
from core.story import Story
from core.types import Task, Wish

log = structlog.get_logger()

PAYS_FROM = 600.0
"""Deadline in seconds from which a task type is dear: running the lesser model costs more than asking."""

TOGETHER_SECONDS = 0.02
"""Tasks that become ready within this time ask together."""

SECONDS = 5.0
"""How long a choice may take; then the first candidate does it."""


@dataclass(slots=True)
class _Open:
    tie: Tie
    settled: bool = False
    wish: Wish | None = None


@dataclass(slots=True)
class Ties:
    """The ties of one request."""

    text: str
    controller: Controller
    story: Story
    _waiting: list[_Open] = field(default_factory=list)
    _asking: anyio.Lock = field(default_factory=anyio.Lock)

    async def broken(self, task: Task, tied: Sequence[Offer], *, seconds: float) -> Wish | None:
        """Return the controller's wish among ``tied``, or None where there is no tie worth asking about."""
        if len(tied) < 2 or seconds < PAYS_FROM:
            return None
        mine = _Open(Tie(task=task, candidates=tied))
        self._waiting.append(mine)
        async with self._asking:  # while one call is under way, further ties gather for the next
            if not mine.settled:
                await anyio.sleep(TOGETHER_SECONDS)
                await self._ask()
        return mine.wish

    async def _ask(self) -> None:
        batch, self._waiting = self._waiting, []
        try:
            with anyio.fail_after(SECONDS):
                choice = await self.controller.choose(self.text, [one.tie for one in batch])
        except (JarvisError, TimeoutError) as error:
            log.warning("tie not broken", why=str(error))
            choice = None
        for one in batch:
            one.settled = True
            one.wish = choice.wishes.get(one.tie.task.id) if choice else None
        if choice and choice.consulted:
            await self.story.emit(choice.consulted)

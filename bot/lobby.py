"""Where requests wait that nobody could take up yet: each gets its card, which says how many go first."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import anyio
import structlog
from anyio.abc import TaskGroup

from adapters.base import Mouth
from adapters.live import SHOW_SECONDS
from core.errors import JarvisError
from core.events import Posted, Trace, Waiting
from core.ports import Inbox
from core.turns import Queue
from core.types import Request

log = structlog.get_logger()

PATIENCE = 0.7
"""Seconds that a request waits before it gets its card here: usually it is taken up at once."""

TICK = 1.0
"""Seconds between two looks at the queue."""

SLOWEST = 60.0
"""Seconds between two pictures of a card far behind: those in front are shown more often, and all of them seldom."""

MOST = 1_000
"""Requests that are looked after; who comes when there are more sees nothing before it is their turn."""

AT_ONCE = 8
"""Cards that are opened or shown at a time."""

KEPT = 120.0
"""Seconds that a card is remembered after its request has left the queue: who works on it asks for it."""

WEIGHT = 0.2
"""How much the newest request counts in how long they take."""


@dataclass(slots=True)
class _Guest:
    """A request that waits."""

    request: Request
    since: float
    handle: str | None = None
    shown: Waiting | None = None
    shown_at: float = 0.0
    gone_at: float | None = None  # when it was seen that it waits no more
    busy: bool = False  # it is being opened or shown
    showing: anyio.CancelScope | None = None
    quiet: anyio.Event = field(default_factory=anyio.Event)

    def due(self, ahead: int, now: float) -> bool:
        """Whether it is time for a new picture: the farther behind, the longer one lasts."""
        if self.busy:
            return False
        last = min(SLOWEST, max(2.0, float(ahead)))
        return self.shown is None or (self.shown.ahead != ahead and now - self.shown_at >= last)


@dataclass(slots=True, kw_only=True)
class Lobby:
    """The requests that this process heard and nobody has claimed yet.

    It only shows: whose turn it is the inbox decides, and whoever claims a request need not know of this.
    """

    inbox: Inbox
    mouths: Mapping[str, Mouth]
    clock: Callable[[], float] = time.monotonic
    patience: float = PATIENCE
    tick: float = TICK
    _guests: dict[str, _Guest] = field(default_factory=dict)
    _news: anyio.Event = field(default_factory=anyio.Event)
    _each: float | None = None  # seconds that a request takes
    _few: anyio.Semaphore = field(default_factory=lambda: anyio.Semaphore(AT_ONCE))

    def expect(self, request: Request) -> None:
        """Take note of a request that was accepted."""
        if len(self._guests) < MOST and request.origin.platform in self.mouths:
            self._guests[request.id] = _Guest(request, self.clock())
            self._news.set()

    def learn(self, seconds: float) -> None:
        """Learn how long a request took to be answered."""
        self._each = seconds if self._each is None else (1 - WEIGHT) * self._each + WEIGHT * seconds

    async def leave(self, request: str) -> str | None:
        """Return the handle of a request's card, if it has one here. It is shown by the caller from now on."""
        guest = self._guests.pop(request, None)
        if guest is None:
            return None
        if guest.busy:
            if guest.showing is not None:
                guest.showing.cancel()
            await guest.quiet.wait()
        return guest.handle

    async def keep(self) -> None:
        """Show who waits where they stand, until cancelled."""
        async with anyio.create_task_group() as group:
            while True:
                await self._news.wait()
                self._news = anyio.Event()
                while self._guests:
                    await anyio.sleep(self.patience if len(self._guests) == 1 else self.tick)
                    await self._look(group)

    async def _look(self, group: TaskGroup) -> None:
        now = self.clock()
        self._guests = {name: one for name, one in self._guests.items() if now - (one.gone_at or now) < KEPT}
        waiting = {name: one for name, one in self._guests.items() if now - one.since >= self.patience}
        if all(one.gone_at is not None for one in waiting.values()):
            return
        try:
            queue = await self.inbox.queue(list(self.mouths))
        except JarvisError as error:
            log.warning("cannot look at the queue", why=error.message)
            return
        for name, guest in waiting.items():
            if name not in queue.spots:
                self._miss(guest, now)
            elif guest.due(queue.spots[name].ahead, now):
                guest.busy, guest.quiet = True, anyio.Event()
                group.start_soon(self._show, guest, self._place(queue, name))

    def _miss(self, guest: _Guest, now: float) -> None:
        """Show nothing more of a request that somebody works on, wherever that is."""
        guest.gone_at = guest.gone_at or now
        if guest.showing is not None:
            guest.showing.cancel()

    def _place(self, queue: Queue, request: str) -> Waiting:
        seconds = None if self._each is None else queue.seconds(request, self._each)
        return Waiting(queue.spots[request].ahead, seconds)

    async def _show(self, guest: _Guest, waiting: Waiting) -> None:
        """Open a card, or show a new picture in it; a failure costs this picture only."""
        mouth = self.mouths[guest.request.origin.platform]
        try:
            if await self._turn(guest):
                try:
                    await self._picture(mouth, guest, waiting)
                finally:
                    self._few.release()
        except Exception as error:  # noqa: BLE001 - whatever it is, whoever claims the request tries anew
            log.warning("card not shown", request=guest.request.id, platform=mouth.platform, error=repr(error))
        finally:
            guest.shown, guest.shown_at = waiting, self.clock()
            guest.busy, guest.showing = False, None
            guest.quiet.set()

    async def _turn(self, guest: _Guest) -> bool:
        """Wait until few enough cards are being shown; not so long where the request is claimed meanwhile."""
        with anyio.CancelScope() as guest.showing:
            await self._few.acquire()
        return not guest.showing.cancelled_caught

    async def _picture(self, mouth: Mouth, guest: _Guest, waiting: Waiting) -> None:
        if guest.handle is None and self._waits(guest):
            with anyio.fail_after(SHOW_SECONDS):
                guest.handle = await mouth.open(guest.request)
        if guest.handle is None or not self._waits(guest):
            return
        with anyio.move_on_after(SHOW_SECONDS) as guest.showing:
            await mouth.show(guest.request, guest.handle, Trace().plus(Posted(guest.handle)).plus(waiting))

    def _waits(self, guest: _Guest) -> bool:
        return guest.gone_at is None and guest.request.id in self._guests

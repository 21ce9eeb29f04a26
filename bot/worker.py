"""The loop: claim a request, answer it, journal what happens, show it, settle."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import anyio
import structlog
from anyio.abc import TaskGroup

from adapters.base import Mouth
from bot.answering import NOBODY, Answering, Desk
from bot.lobby import Lobby
from bot.record import Record
from core.errors import Away, JarvisError, LeaseLost
from core.ports import Claim

log = structlog.get_logger()

HELD_SECONDS = 24 * 3600.0
"""How long a plan is held for somebody to decide."""


@dataclass(slots=True, kw_only=True)
class Worker:
    """Answers requests, several at once, one of a conversation at a time."""

    desk: Desk
    mouths: Mapping[str, Mouth]  # by platform: what has no mouth here is left to other workers
    at_once: int = 16
    poll: float = 1.0  # seconds between looks when nothing wakes us
    grace: float = 20.0  # seconds for running requests at shutdown
    lobby: Lobby = field(init=False)
    _waker: anyio.Event = field(default_factory=anyio.Event)
    _stopping: bool = False
    _claimed: dict[str, Answering | None] = field(default_factory=dict)  # by request; None while it is being read

    def __post_init__(self) -> None:
        """Furnish the lobby."""
        self.lobby = Lobby(inbox=self.desk.inbox, mouths=self.mouths)

    def wake(self) -> None:
        """Look for work at once: a request was accepted in this process."""
        self._waker.set()

    def stop(self) -> None:
        """Claim nothing more; :meth:`run` returns when what is under way is done, or its grace is over."""
        self._stopping = True
        self.wake()

    async def run(self) -> None:
        """Work until :meth:`stop`. What is cancelled gives its lease back, so that another worker goes on."""
        async with anyio.create_task_group() as group:
            group.start_soon(self._keep_leases)
            group.start_soon(self._drop_forgotten)
            group.start_soon(self.lobby.keep)
            while not self._stopping:
                if not await self._claim_one(group):
                    await self._rest()
            with anyio.move_on_after(self.grace):
                while self._claimed:
                    await self._rest()
            group.cancel_scope.cancel()

    async def _claim_one(self, group: TaskGroup) -> bool:
        if len(self._claimed) >= self.at_once:
            return False
        desk = self.desk
        try:
            claim = await desk.inbox.claim(desk.worker, lease=desk.lease, platforms=list(self.mouths))
        except JarvisError as error:
            log.warning("cannot claim", why=error.message)
            return False
        if claim is None:
            return False
        if claim.request.id in self._claimed:
            # Its lease ran out before we renewed it, or it is just being given back: whoever is at it leaves first.
            await self._settle(claim, done=False, parked=False)
            return False
        self._claimed[claim.request.id] = None
        group.start_soon(self._answer, claim)
        return True

    async def _rest(self) -> None:
        """Wait for a wake-up, or for the poll interval: other processes accept requests, too."""
        with anyio.move_on_after(self.poll):
            await self._waker.wait()
        self._waker = anyio.Event()

    async def _drop_forgotten(self) -> None:
        """End what was held and nobody decided about."""
        while True:
            try:
                await self.desk.inbox.expire(time.time() - HELD_SECONDS, NOBODY)
            except JarvisError as error:
                log.warning("cannot look for forgotten plans", why=error.message)
            await anyio.sleep(HELD_SECONDS / 100)

    async def _keep_leases(self) -> None:
        """Renew all leases in one statement, and learn by the way what to stop and what is lost."""
        while True:
            await anyio.sleep(min(1.0, self.desk.lease / 3))
            before = [request for request, answering in self._claimed.items() if answering]
            try:
                held = await self.desk.inbox.renew(self.desk.worker, lease=self.desk.lease)
            except JarvisError as error:
                log.warning("cannot renew leases", why=error.message)
                continue
            for request in before:
                self._heed(request, held)

    def _heed(self, request: str, held: Mapping[str, str | None]) -> None:
        answering = self._claimed.get(request)
        if answering is None:
            return
        if request not in held:
            answering.lose()
        elif by := held[request]:
            answering.stop(by)

    async def _answer(self, claim: Claim) -> None:
        """Answer; what fails is given back after a pause and tried again, until it is hopeless."""
        done, parked, desk, began = False, False, self.desk, time.monotonic()
        try:
            record = await Record.open(desk.journal, claim, desk.observe)
            mouth = self.mouths[claim.request.origin.platform]
            answering = Answering(desk, mouth, claim, record, self.lobby.leave)
            self._claimed[claim.request.id] = answering
            await answering.run()
            done, parked = True, answering.parked
            self.lobby.learn(time.monotonic() - began)
        except LeaseLost:
            log.info("lease lost", request=claim.request.id)
        except Exception as error:
            if isinstance(error, Away):  # nobody's bug
                log.warning("request given back", request=claim.request.id, attempt=claim.attempt, why=error.message)
            else:
                log.exception("request given back", request=claim.request.id, attempt=claim.attempt)
            done = claim.attempt >= 2 * desk.attempts
            await anyio.sleep(claim.attempt)
        finally:
            with anyio.CancelScope(shield=True), anyio.move_on_after(5):
                await self._settle(claim, done=done, parked=parked)
            del self._claimed[claim.request.id]
            self.wake()

    async def _settle(self, claim: Claim, *, done: bool, parked: bool) -> None:
        inbox, request, worker = self.desk.inbox, claim.request.id, self.desk.worker
        try:
            await (inbox.park(request, worker) if parked else inbox.settle(request, worker, done=done))
        except JarvisError as error:
            # The lease is lost already, or runs out by itself: whoever claims next goes on from the journal.
            log.warning("cannot settle", request=claim.request.id, why=error.message)

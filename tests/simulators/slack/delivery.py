"""How the app hears of things: each envelope is acknowledged within three seconds, or comes again."""

from __future__ import annotations

import asyncio
import random
import time
import uuid
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any, Protocol

from tests.simulators.slack.app import App
from tests.simulators.slack.world import Team, number, stamp

DEADLINE = 3.0
WAITS = (0.0, 60.0, 300.0)
"""Seconds before the first, second and third time that an event comes again."""

EVENTS, COMMANDS, INTERACTIVE = "events_api", "slash_commands", "interactive"


class NotDelivered(Exception):
    """Nobody took it, or not in time, or with an error; the word is Slack's reason for a retry."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(eq=False)
class Envelope:
    """One thing that the app is told, and what it answered."""

    kind: str
    payload: dict[str, Any]
    attempt: int = 0
    reason: str = ""
    at: float = field(default_factory=time.time)
    sent: list[float] = field(default_factory=list)
    acknowledged: float | None = None
    answer: Any = None
    failed: str = ""  # why nobody took it at last

    @property
    def event(self) -> dict[str, Any]:
        """The event inside, if it is one."""
        found: dict[str, Any] = self.payload.get("event", {})
        return found


class Carrier(Protocol):
    """Takes an envelope to the app and brings the answer back, or raises NotDelivered."""

    async def carry(self, envelope: Envelope, deadline: float) -> Any: ...


class Delivery:
    """Sends envelopes by Socket Mode or HTTP, again where they were not taken."""

    def __init__(self, app: App, socket: Carrier, http: Carrier) -> None:
        self.app = app
        self.socket = socket
        self.http = http
        self.deadline = DEADLINE
        self.waits: tuple[float, ...] = WAITS
        self.copies = 1  # how often each event is delivered although it was taken
        self.disorder = 0.0  # seconds that an event may be late, at random
        self.lost: set[str] = set()  # kinds of events that never arrive
        self.sent: list[Envelope] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._dice = random.Random(0)

    def close(self) -> None:
        """Forget what is still on its way."""
        for task in self._tasks:
            task.cancel()

    def event(self, team: Team, name: str, event: dict[str, Any], bot: str) -> None:
        """Tell the app of an event that it subscribed to."""
        if name not in self.app.events or name in self.lost or not self.app.installed(team.id):
            return
        self._spawn(self._events(Envelope(EVENTS, self._callback(team, event, bot))))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _callback(self, team: Team, event: dict[str, Any], bot: str) -> dict[str, Any]:
        authorization = {"enterprise_id": None, "team_id": team.id, "user_id": bot, "is_bot": True}
        return {
            "token": "verification-token",
            "team_id": team.id,
            "context_team_id": team.id,
            "context_enterprise_id": None,
            "api_app_id": self.app.id,
            "event": {"event_ts": stamp(), **event},
            "type": "event_callback",
            "event_id": number("Ev"),
            "event_time": int(time.time()),
            "authorizations": [authorization | {"is_enterprise_install": False}],
            "is_ext_shared_channel": False,
            "event_context": f"4-{uuid.uuid4().hex}",
        }

    async def _events(self, envelope: Envelope) -> None:
        self.sent.append(envelope)
        await asyncio.gather(*(self._persist(envelope, copy) for copy in range(self.copies)))

    async def _persist(self, envelope: Envelope, copy: int) -> None:
        """Deliver until it is taken, as often as Slack would. A copy looks like a retry."""
        if self.disorder:
            await asyncio.sleep(self._dice.random() * self.disorder)
        reason = "timeout" if copy else ""
        for attempt, wait in enumerate((0.0, *self.waits)):
            await asyncio.sleep(wait)
            envelope.attempt, envelope.reason = attempt + copy, reason
            try:
                envelope.answer = await self._carry(envelope)
            except NotDelivered as failure:
                reason = failure.reason
            else:
                return
        envelope.failed = reason

    async def _carry(self, envelope: Envelope) -> Any:
        envelope.sent.append(time.time())
        carrier = self.socket if self.app.socket_mode else self.http
        answer = await carrier.carry(envelope, self.deadline)
        envelope.acknowledged = envelope.acknowledged or time.time()
        return answer

    async def ask(self, kind: str, payload: dict[str, Any]) -> Envelope:
        """Tell the app what somebody did, once; the person sees an error where it is not taken in time."""
        envelope = Envelope(kind, payload)
        self.sent.append(envelope)
        try:
            envelope.answer = await self._carry(envelope)
        except NotDelivered as failure:
            envelope.failed = failure.reason
        return envelope

"""How often Slack takes each method from one workspace, and a client that never asks oftener.

Slack counts by method and workspace, and posted messages by channel, too. Everything that we ask of a workspace goes
through one client, so all requests together stay within the tiers; and where Slack says "wait" all the same, every
caller of that method does.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import Any

import aiohttp
import anyio
import structlog
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.pace import Pace

TIER_1, TIER_2, TIER_3, TIER_4 = 1, 20, 50, 100
"""Calls a minute that Slack takes at least."""

TIERS = {
    "agents.sessions.setStatus": TIER_3,
    "agents.sessions.rename": TIER_3,
    "assistant.threads.setStatus": 300,
    "assistant.threads.setSuggestedPrompts": TIER_3,
    "assistant.threads.setTitle": TIER_3,
    "chat.appendStream": TIER_4,
    "chat.delete": TIER_3,
    "chat.getPermalink": 600,
    "chat.postEphemeral": TIER_4,
    "chat.postMessage": 300,
    "chat.startStream": TIER_2,
    "chat.stopStream": TIER_2,
    "chat.update": TIER_3,
    "conversations.history": TIER_3,
    "conversations.info": TIER_3,
    "conversations.list": TIER_2,
    "conversations.open": TIER_3,
    "conversations.replies": TIER_3,
    "files.completeUploadExternal": TIER_4,
    "files.delete": TIER_3,
    "files.getUploadURLExternal": TIER_4,
    "files.info": TIER_4,
    "reactions.add": TIER_3,
    "users.conversations": TIER_3,
    "users.info": TIER_4,
    "views.open": TIER_4,
    "views.publish": TIER_4,
    "views.push": TIER_4,
    "views.update": TIER_4,
}
"""Calls a minute, by method. Of those that are not here nothing is held back: they are asked for once in a while."""

SAFETY = 0.9
"""The part of a tier that we use: clocks differ, and a window of a minute may begin at any time."""

BURST = 0.2
"""The part of a minute's calls that may come at once after a pause. The rest then follows more slowly."""

CHANNEL_SECONDS = 1.0
"""From one posted message to the next in the same channel, beyond a few at once."""

CHANNEL_BURST = 4
CHANNELS = 2_000
"""Channels whose pace is remembered."""

RETRIES = 8
"""How often a call is repeated that Slack told to wait."""

WAIT_SECONDS = 1.0
"""Where Slack does not say how long to wait."""

ONCE = frozenset(
    {
        "chat.appendStream",
        "chat.postEphemeral",
        "chat.postMessage",
        "chat.startStream",
        "files.completeUploadExternal",
    }
)
"""What is not asked again where no answer came: it may have been done, and would be done twice."""

log = structlog.get_logger(__name__)


class Gate(Pace):
    """Lets the calls of one method through at its tier's pace, and none while Slack wants to be left alone."""

    def __init__(self, per_minute: float) -> None:
        """Let ``per_minute`` calls through in any minute."""
        most = per_minute * SAFETY
        burst = max(1, int(most * BURST))
        super().__init__(max(most - burst, 1) / 60, burst)
        self._shut_until = 0.0

    @property
    def spare_in(self) -> float:
        """Seconds until there is room for what may also be left out, with some kept for what may not."""
        return max(self._shut_until, self._next - self._ahead / 2) - anyio.current_time()

    def shut(self, seconds: float) -> None:
        """Let nobody through for so long, and then one after the other."""
        self._shut_until = max(self._shut_until, anyio.current_time() + seconds)
        self._next = max(self._next, self._shut_until + self._ahead - self._step)

    async def turn(self) -> None:
        """Wait for one's turn; who gives up waiting leaves theirs to others."""
        try:
            await super().turn()
        except BaseException:
            self._next -= self._step
            raise
        left = self._shut_until - anyio.current_time()
        if left > 0:  # it was shut meanwhile: whoever waited already is in line again
            await anyio.sleep(left)
            await self.turn()


class Gates:
    """The gates of one workspace."""

    def __init__(self, faster: float = 1.0) -> None:
        """Begin with all of them open; ``faster``: so many times what Slack takes."""
        self._faster = faster
        self._methods: dict[str, Gate] = {}
        self._channels: OrderedDict[str, Pace] = OrderedDict()

    def of(self, method: str) -> Gate | None:
        """Return the gate of a method; None where nothing is held back."""
        if method not in self._methods and method in TIERS:
            self._methods[method] = Gate(TIERS[method] * self._faster)
        return self._methods.get(method)

    def shut(self, method: str, seconds: float) -> None:
        """Let no call of a method through for so long: Slack said so."""
        if method not in self._methods:
            self._methods[method] = Gate(TIERS.get(method, TIER_1) * self._faster)
        self._methods[method].shut(seconds)

    def spare_in(self, method: str) -> float:
        """Seconds until a method has room for what may also be left out."""
        gate = self.of(method)
        return max(gate.spare_in, 0.0) if gate is not None else 0.0

    def channel(self, channel: str) -> Pace:
        """Return the pace of messages posted in a channel."""
        if channel not in self._channels:
            while len(self._channels) >= CHANNELS:
                self._channels.popitem(last=False)
            self._channels[channel] = Pace(self._faster / CHANNEL_SECONDS, CHANNEL_BURST)
        self._channels.move_to_end(channel)
        return self._channels[channel]


class Patience(AsyncRetryHandler):
    """Waits as long as Slack says, and tries again what it did not take or what may be done twice."""

    def __init__(self, gates: Gates) -> None:
        """Tell ``gates`` when Slack wants to be left alone."""
        super().__init__(max_retry_count=RETRIES)
        self._gates = gates

    async def _can_retry_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        if response is not None and response.status_code == 429:
            return True
        if isinstance(error, aiohttp.ClientConnectorError):  # it was never sent
            return state.current_attempt < 2
        broken = isinstance(error, aiohttp.ClientConnectionError | TimeoutError) or (
            response is not None and response.status_code >= 500
        )
        return broken and state.current_attempt < 2 and method_of(request.url) not in ONCE

    async def prepare_for_next_attempt_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> None:
        state.next_attempt_requested = True
        state.increment_current_attempt()
        if response is None or response.status_code != 429:
            await asyncio.sleep(0.5 * state.current_attempt)
            return
        seconds = wanted(response)
        method = method_of(request.url)
        log.info("Slack wants us to wait", method=method, seconds=seconds)
        self._gates.shut(method, seconds)
        await asyncio.sleep(seconds)


class PacedClient(AsyncWebClient):
    """Slack's own client, with every method at its pace."""

    def __init__(self, gates: Gates, **options: Any) -> None:
        """Ask through ``gates``; the rest is what the library's client takes."""
        super().__init__(retry_handlers=[Patience(gates)], **options)
        self.gates = gates

    async def api_call(self, api_method: str, **options: Any) -> AsyncSlackResponse:
        """Call a method when it is its turn."""
        gate = self.gates.of(api_method)
        if gate is not None:
            await gate.turn()
        if api_method == "chat.postMessage":
            await self.gates.channel(str((options.get("json") or {}).get("channel", ""))).turn()
        return await super().api_call(api_method, **options)


def method_of(url: str) -> str:
    """Return the method that an address of the API calls."""
    return url.partition("?")[0].rstrip("/").rpartition("/")[2]


def wanted(response: HttpResponse) -> float:
    """Return how many seconds Slack wants us to wait."""
    said = next((value for name, value in response.headers.items() if name.lower() == "retry-after"), "")
    first = said[0] if isinstance(said, list) and said else said
    try:
        return max(float(str(first)), 0.0)
    except ValueError:
        return WAIT_SECONDS

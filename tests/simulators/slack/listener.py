"""The real libraries at the local Slack: a bolt app that writes down what it hears, and what a call is refused with."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.socket import hung_up
from tests.simulators.slack import Simulator

FIELD = {
    "type": "input",
    "label": {"type": "plain_text", "text": "Words"},
    "element": {"type": "plain_text_input", "action_id": "words"},
}
MODAL = {
    "type": "modal",
    "callback_id": "form",
    "title": {"type": "plain_text", "text": "Form"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [FIELD],
}


class Heard:
    """A bolt app that writes down what it hears."""

    def __init__(self, slack: Simulator) -> None:
        self.client = AsyncWebClient(token=slack.bot_token, base_url=slack.api)
        self.app = AsyncApp(client=self.client, request_verification_enabled=False)
        self.events: list[dict[str, Any]] = []
        self.bodies: list[dict[str, Any]] = []
        self.retries: list[str | None] = []
        for name in ("message", "app_mention", "app_home_opened", "agent_session_stopped"):
            self.app.event(name)(self._event)
        self.app.command("/jarvis")(self._command)
        self.app.action("go")(self._act)
        self.app.message_shortcut("ask")(self._act)
        self.app.view("form")(self._act)

    async def _event(self, event: dict[str, Any], request: Any) -> None:
        self.events.append(event)
        self.retries.append(next(iter(request.headers.get("x-slack-retry-num", [])), None))

    async def _command(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack("heard")
        self.bodies.append(body)

    async def _act(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        self.bodies.append(body)
        if body["type"] == "message_action":
            await self.client.views_open(trigger_id=body["trigger_id"], view=MODAL)


@asynccontextmanager
async def listening(slack: Simulator) -> AsyncIterator[Heard]:
    """A bolt app at this Slack, by Socket Mode."""
    heard = Heard(slack)
    handler: Any = AsyncSocketModeHandler(heard.app, slack.app.app_token)
    await handler.connect_async()
    try:
        await slack.ready()
        yield heard
    finally:
        await hung_up(handler)


async def refused(calling: Awaitable[Any]) -> str:
    """The word that a call is refused with."""
    with pytest.raises(SlackApiError) as raised:
        await calling
    answer: Any = raised.value.response
    return str(answer["error"])

"""What the tests of the local Slack share."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.simulators.slack import Channel, Person, Simulator


@pytest.fixture
async def slack() -> AsyncIterator[Simulator]:
    """A Slack of its own."""
    async with Simulator() as simulator:
        yield simulator


@pytest.fixture
def ada(slack: Simulator) -> Person:
    """Somebody."""
    return slack.person("Ada", admin=True)


@pytest.fixture
def room(slack: Simulator, ada: Person) -> Channel:
    """A channel with her and the bot."""
    return slack.channel("general", ada)


@pytest.fixture
def client(slack: Simulator) -> AsyncWebClient:
    """The real client with the bot's token, without retries."""
    return AsyncWebClient(token=slack.bot_token, base_url=slack.api, retry_handlers=[])

"""What the tests at the local Slack share: somebody in a channel."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.simulators.slack import Channel, Person, Simulator


@pytest.fixture
async def slack() -> AsyncIterator[Simulator]:
    """A Slack of its own."""
    async with Simulator() as simulator:
        yield simulator


@pytest.fixture
def ada(slack: Simulator) -> Person:
    """Somebody, an admin of the workspace."""
    return slack.person("Ada", admin=True)


@pytest.fixture
def room(slack: Simulator, ada: Person) -> Channel:
    """A channel with her and the bot."""
    return slack.channel("general", ada)

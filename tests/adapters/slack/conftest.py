"""What the tests at the local Slack share: somebody in a channel."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from adapters.slack.manifest import manifest
from tests.adapters.slack.talk import Talk, talking
from tests.simulators.slack import App, Channel, Person, Simulator


@pytest.fixture
async def slack() -> AsyncIterator[Simulator]:
    """A Slack of its own, in which the app has exactly what its manifest asks for."""
    async with Simulator(App.from_manifest(manifest())) as simulator:
        yield simulator


@pytest.fixture
def ada(slack: Simulator) -> Person:
    """Somebody, an admin of the workspace."""
    return slack.person("Ada", admin=True)


@pytest.fixture
def room(slack: Simulator, ada: Person) -> Channel:
    """A channel with her and the bot."""
    return slack.channel("general", ada)


@pytest.fixture
async def talk() -> AsyncIterator[Talk]:
    """Somebody in a channel and a mouth alone, where no ear is needed."""
    async with talking() as made:
        yield made

"""What the tests at the local Discord share: a server with a channel, and somebody in it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import discord as library
import pytest

from tests.simulators.discord import Channel, Person, Simulator


@pytest.fixture(autouse=True)
def addresses_as_before() -> Iterator[None]:
    """discord.py keeps where Discord is in its classes: after a test it is there again."""
    before = library.http.Route.BASE, library.gateway.DiscordWebSocket.DEFAULT_GATEWAY, library.asset.Asset.BASE
    yield
    library.http.Route.BASE, library.gateway.DiscordWebSocket.DEFAULT_GATEWAY, library.asset.Asset.BASE = before


@pytest.fixture
async def discord() -> AsyncIterator[Simulator]:
    """A Discord of its own."""
    async with Simulator() as simulator:
        yield simulator


@pytest.fixture
def ada(discord: Simulator) -> Person:
    """Somebody with a server."""
    return discord.person("Ada")


@pytest.fixture
def room(discord: Simulator, ada: Person) -> Channel:
    """A channel in it."""
    return discord.channel(discord.guild(ada), "general")

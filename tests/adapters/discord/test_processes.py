"""Several processes, one bot: ears and hands apart, and shards."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapters.discord.connection import Connection
from core.errors import BadSetting, NotAvailable
from core.limits import Limits
from tests.adapters.discord.house import House, access
from tests.adapters.discord.look import answered
from tests.simulators.discord import Channel, Person, Simulator
from tests.simulators.discord.world import Guild

pytestmark = pytest.mark.anyio


async def test_ears_and_hands_may_be_processes_of_their_own(discord: Simulator, ada: Person) -> None:
    """One process hears and never answers, the other answers without a gateway: the store is all they share."""
    ears = House(discord, working=False)
    hands = House(discord, store=ears.store, listening=False)
    async with ears.open(), hands.open():
        await ada.say(ada.dm, "Hello, who are you?")
        await discord.until(lambda: answered(discord))
    assert discord.gateway.identified == 1
    assert len(discord.said(ada.dm)) == 2


def of_shard(discord: Simulator, ada: Person, shard: int) -> Guild:
    """A server whose number belongs to one of two shards."""
    guild = discord.guild(ada)
    del discord.world.guilds[guild.id]
    guild.id = str(((int(guild.id) >> 22) // 2 * 2 + shard) << 22)
    role = guild.roles.pop(next(iter(guild.roles)))
    role.id = guild.id
    guild.roles[guild.id] = role
    discord.world.guilds[guild.id] = guild
    return guild


@pytest.mark.slow
@pytest.mark.parametrize("apart", [False, True])
async def test_shards(discord: Simulator, ada: Person, apart: bool) -> None:
    """Two shards, in one process or one each: every server is heard once, and direct messages are shard 0's."""
    rooms = [discord.channel(of_shard(discord, ada, shard), "general") for shard in (0, 1)]
    one = House(discord, shards=(2, (0,) if apart else ()), limits=Limits())
    other = House(discord, store=one.store, shards=(2, (1,)), working=False)
    async with one.open():
        if apart:
            async with other.open():
                await _heard_everywhere(discord, ada, rooms)
        else:
            await _heard_everywhere(discord, ada, rooms)
    assert len(answered(discord)) == 3
    assert discord.gateway.identified == 2


async def _heard_everywhere(discord: Simulator, ada: Person, rooms: list[Channel]) -> None:
    await discord.until(lambda: discord.gateway.identified == 2, 30)
    for room in rooms:
        await ada.say(room, f"{discord.mention} hello")
    await ada.say(ada.dm, "Hello, who are you?")
    await discord.until(lambda: answered(discord, count=3), 30)


async def test_who_is_not_let_in_reads_why(discord: Simulator) -> None:
    """A wrong token names the setting; a Discord that is away is no wrong setting."""
    with pytest.raises(BadSetting, match="DISCORD_TOKEN"):
        await Connection(replace(access(discord), token="wrong")).client()
    with pytest.raises(NotAvailable):
        await Connection(replace(access(discord), api="http://127.0.0.1:9/api")).client()

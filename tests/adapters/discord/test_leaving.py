"""Servers that let us go while we are away: what is kept of them goes, and of nobody else."""

from __future__ import annotations

import anyio
import pytest

from core.types import Mode
from storage.memory import MemoryStore
from tests.adapters.discord.house import House
from tests.adapters.discord.look import answered
from tests.fakes import FunctionExecutor
from tests.simulators.discord import Channel, Guild, Person, Simulator

pytestmark = pytest.mark.anyio


async def _kept(store: MemoryStore, person: Person) -> set[str]:
    return {one.origin.workspace for one in await store.people.requests("discord", person.user.id)}


@pytest.fixture
async def lived(discord: Simulator, ada: Person, room: Channel) -> tuple[House, Guild, Guild]:
    """A house that was asked in two servers and directly, and is closed now."""
    house, other = House(discord), discord.channel(discord.guild(ada), "other")
    async with house.open():
        for place in (room, other, ada.dm):
            await ada.say(place, f"{discord.mention} Hello, who are you?")
        await discord.until(lambda: answered(discord, count=3))
        await house.store.modes.set(f"discord/{room.guild and room.guild.id}", Mode.REMOTE, by="ada")
    assert room.guild
    assert other.guild
    return house, room.guild, other.guild


async def test_who_let_us_go_while_we_were_away_is_forgotten(
    discord: Simulator, ada: Person, lived: tuple[House, Guild, Guild]
) -> None:
    """Requests and decisions of that server go; the other server's, and what was said directly, stay."""
    house, gone, other = lived
    del discord.world.guilds[gone.id]
    async with house.open():
        with anyio.fail_after(15):
            while gone.id in await _kept(house.store, ada):  # noqa: ASYNC110 - it tells nobody
                await anyio.sleep(0.02)
            while await house.store.modes.get(f"discord/{gone.id}"):  # noqa: ASYNC110 - it tells nobody
                await anyio.sleep(0.02)
    assert await _kept(house.store, ada) == {other.id, ""}
    (change,) = await house.store.audit.read(f"discord/{gone.id}")
    assert change.what == "workspace"


async def test_who_lets_us_go_while_our_session_is_lost_is_forgotten(
    discord: Simulator, ada: Person, lived: tuple[House, Guild, Guild]
) -> None:
    """A new session in the same process tells it, too, although the library remembers the server."""
    house, gone, other = lived
    async with house.open():
        await discord.gateway.drop(forget=True)
        del discord.world.guilds[gone.id]
        with anyio.fail_after(20):
            while gone.id in await _kept(house.store, ada):  # noqa: ASYNC110 - it tells nobody
                await anyio.sleep(0.02)
    assert await _kept(house.store, ada) == {other.id, ""}


@pytest.mark.parametrize("why", ["outage", "trouble", "another"])
async def test_who_is_only_not_there_is_not_forgotten(
    discord: Simulator, ada: Person, lived: tuple[House, Guild, Guild], why: str
) -> None:
    """A server with an outage stays; so does one that Discord cannot tell about, and all of another account's."""
    house, gone, other = lived
    match why:
        case "outage":
            discord.gateway.silent.add(gone.id)
        case "trouble":
            del discord.world.guilds[gone.id]
            discord.rest.broken["guild"] = [500] * 99
        case _:
            discord.world.guilds.clear()
            discord.world.bot.id = str(int(discord.world.bot.id) + 1)
    async with house.open():
        await ada.say(ada.dm, "Hello once more, who are you?")
        await discord.until(lambda: answered(discord, ada.dm, count=2 if why != "another" else 1))
        await anyio.sleep(0.3)
    assert await _kept(house.store, ada) == {gone.id, other.id, ""}


async def test_who_removes_us_while_we_work_is_left_in_peace(discord: Simulator, ada: Person, room: Channel) -> None:
    """The work stops, its author reads that it was stopped, and nothing of it is kept."""
    assert room.guild
    executor = FunctionExecutor(seconds=60)
    async with House(discord, executor=executor).open() as house:
        await ada.say(room, f"{discord.mention} Hello, who are you?")
        await discord.until(lambda: executor.ran)
        await discord.remove(room.guild)
        (answer,) = await discord.until(lambda: answered(discord, ada.dm))
        with anyio.fail_after(15):
            while room.guild.id in await _kept(house.store, ada):  # noqa: ASYNC110 - it tells nobody
                await anyio.sleep(0.02)
    assert answer.text.startswith("Stopped.")
    assert executor.cancelled

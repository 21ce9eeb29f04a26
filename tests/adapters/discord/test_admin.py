"""What a server's managers see and decide: everything answers with what holds from then on, in private."""

from __future__ import annotations

from collections.abc import AsyncIterator

import anyio
import pytest

from tests.adapters.discord.house import House
from tests.adapters.discord.look import answered
from tests.simulators.discord import Channel, Person, Simulator
from tests.simulators.discord.interactions import Interaction

pytestmark = pytest.mark.anyio


@pytest.fixture
async def house(discord: Simulator, ada: Person, room: Channel) -> AsyncIterator[House]:
    """A house whose commands are known."""
    async with House(discord).open() as opened:
        await discord.until(lambda: discord.world.commands)
        yield opened
    assert not discord.rest.refusals


async def told(discord: Simulator, asked: Interaction) -> str:
    """What a manager reads, and nobody else."""
    await discord.until(lambda: asked.said)
    assert asked.private
    return asked.said


async def test_who_may_ask(discord: Simulator, ada: Person, room: Channel) -> None:
    """Channels and roles are allowed by name, people denied; all are shown by name, and taken back."""
    assert room.guild
    bob, role = discord.person("Bob", room.guild), discord.role(room.guild, "makers")
    other = discord.channel(room.guild, "other")
    async with House(discord).open():
        await discord.until(lambda: discord.world.commands)
        said = await told(discord, await ada.slash(room, "jarvis-admin access", channel=other))
        assert f"channels: <#{other.id}> (decided for this server)" in said
        assert "Where no channel is allowed by name" in said
        await ada.say(room, f"{discord.mention} hello")
        await discord.until(lambda: discord.said(ada.dm))
        assert f"<@&{role.id}>" in await told(discord, await ada.slash(room, "jarvis-admin access", role=role))
        blocked = await told(discord, await ada.slash(room, "jarvis-admin access", person=bob, decision="deny"))
        assert f"blocked: <@{bob.user.id}>" in blocked
        shown = await told(discord, await ada.slash(room, "jarvis-admin access"))
        assert all(f"<{sign}>" in shown for sign in (f"#{other.id}", f"@&{role.id}", f"@{bob.user.id}"))
        freed = [
            await told(discord, await ada.slash(room, "jarvis-admin access", channel=other, decision="deny")),
            await told(discord, await ada.slash(room, "jarvis-admin access", role=role, decision="deny")),
            await told(discord, await ada.slash(room, "jarvis-admin access", person=bob)),
        ]
        assert [words in line for words, line in zip(("all", "everybody", "nobody"), freed, strict=True)] == [True] * 3
    assert not [one for one in discord.said(private=True) if one.pinged]


async def test_how_much(discord: Simulator, ada: Person, room: Channel, house: House) -> None:
    """Limits of a server or a channel are set together, shown, and left to the wider place again."""
    said = await told(
        discord,
        await ada.slash(
            room, "jarvis-admin limits", requests_per_person=20, dollars_per_person=1.5, approve_seconds=60
        ),
    )
    assert "requests-per-person: 20 in a day" in said
    assert "$1.50 in a day" in said
    assert "more than 60 seconds asks first" in said
    said = await told(discord, await ada.slash(room, "jarvis-admin limits", requests_per_person=2, where="channel"))
    assert f"2 in a day (decided for <#{room.id}>)" in said
    said = await told(
        discord, await ada.slash(room, "jarvis-admin limits", lift="requests-per-person", where="channel")
    )
    assert "20 in a day (decided for this server)" in said
    with pytest.raises(AssertionError, match="is from 0 to"):
        await ada.slash(room, "jarvis-admin limits", requests_per_person=-1)


async def test_what_is_shown_and_kept(discord: Simulator, ada: Person, room: Channel, house: House) -> None:
    """Safety and retention, shown, set and lifted."""
    shown = await told(discord, await ada.slash(room, "jarvis-admin safety"))
    assert shown.startswith("safety: as usual")
    assert "retention-days" not in shown
    assert "retention-days: kept" in await told(discord, await ada.slash(room, "jarvis-admin retention"))
    assert "blocked: nobody" in await told(discord, await ada.slash(room, "jarvis-admin access"))
    assert "withheld" in await told(discord, await ada.slash(room, "jarvis-admin safety", level="strict"))
    assert "as usual" in await told(discord, await ada.slash(room, "jarvis-admin safety", level="as elsewhere"))
    assert "after 30 days" in await told(discord, await ada.slash(room, "jarvis-admin retention", days=30))
    assert "kept" in await told(discord, await ada.slash(room, "jarvis-admin retention", lift=True))


async def test_what_was_spent_and_decided(discord: Simulator, ada: Person, room: Channel, house: House) -> None:
    """Usage names who asked most; the audit list says who changed what, where, from what to what; status how we are."""
    await ada.say(room, f"{discord.mention} hello")
    await discord.until(lambda: answered(discord))
    used = await told(discord, await ada.slash(room, "jarvis-admin usage"))
    assert "In the last day: 1 request" in used
    assert f"<@{ada.user.id}>" in used or "Ada" in used
    assert "In the last day: 1 request" in await told(
        discord, await ada.slash(room, "jarvis-admin usage", where="channel")
    )
    await told(discord, await ada.slash(room, "jarvis-admin mode", mode="remote"))
    await told(discord, await ada.slash(room, "jarvis-admin safety", level="off", where="channel"))
    newest, first = (await told(discord, await ada.slash(room, "jarvis-admin audit"))).split("\n")
    assert f"<@{ada.user.id}>: safety for <#{room.id}>, nothing → off" in newest
    assert f"<@{ada.user.id}>: mode for this server, nothing → remote" in first
    assert await told(discord, await ada.slash(room, "jarvis-admin audit", count=1)) == newest
    assert "The mode is remote" in await told(discord, await ada.slash(room, "jarvis-admin status"))


async def test_in_a_thread_it_is_about_its_channel(
    discord: Simulator, ada: Person, room: Channel, house: House
) -> None:
    """What is decided for the channel in a thread holds for the channel."""
    await ada.say(room, f"{discord.mention} hello")
    (answer,) = await discord.until(lambda: answered(discord))
    said = await told(discord, await ada.slash(answer.channel, "jarvis-admin safety", level="off", where="channel"))
    assert f"<#{room.id}>" in said


async def test_what_is_too_long_for_a_message_is_a_file_too(
    discord: Simulator, ada: Person, room: Channel, house: House
) -> None:
    """A hundred changes come as a message and a file."""
    for number in range(40):
        await ada.slash(room, "jarvis-admin limits", requests_per_person=number + 1)
    asked = await ada.slash(room, "jarvis-admin audit", count=100)
    await discord.until(lambda: asked.original and asked.original.attachments)
    assert asked.original
    assert len(asked.original.text) <= 2_000
    assert discord.file(asked.original.attachments[0]).decode().count("\n") == 39


async def test_a_server_that_throws_us_out_is_forgotten(discord: Simulator, ada: Person, room: Channel) -> None:
    """What was asked and decided there goes, once; what was said elsewhere stays."""
    assert room.guild
    async with House(discord).open() as house:
        await discord.until(lambda: discord.world.commands)
        await ada.say(room, f"{discord.mention} hello")
        await ada.say(ada.dm, "Hello, who are you?")
        await discord.until(lambda: answered(discord, count=2))
        await ada.slash(room, "jarvis-admin safety", level="off")
        assert await house.store.bylaws.read(f"discord/{room.guild.id}")
        await discord.until(lambda: "1 step" in discord.said(ada.dm)[0].text)
        await discord.remove(room.guild)
        with anyio.fail_after(15):
            while len(await house.store.people.requests("discord", ada.user.id)) > 1:  # noqa: ASYNC110 - it tells nobody
                await anyio.sleep(0.05)
        kept = await house.store.people.requests("discord", ada.user.id)
        assert not await house.store.bylaws.read(f"discord/{room.guild.id}")
    assert [one.text for one in kept] == ["Hello, who are you?"]

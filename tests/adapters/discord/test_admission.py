"""Who may ask, where and how much: refused in private, with the reason, never in silence."""

from __future__ import annotations

import anyio
import pytest

from core.bylaws import Bylaw, Decision
from core.types import Safety
from tests.adapters.discord.house import House
from tests.adapters.discord.look import answered
from tests.fakes import FunctionExecutor, ScriptedController, task
from tests.simulators.discord import Channel, Person, Simulator

pytestmark = pytest.mark.anyio


async def test_who_has_no_role_is_told_directly(discord: Simulator, ada: Person, room: Channel) -> None:
    """Only who has the role is answered; the other reads why in a direct message, and nobody else does."""
    assert room.guild
    bob = discord.person("Bob", room.guild)
    role = discord.role(room.guild, "makers", ada)
    house = House(discord)
    await house.store.bylaws.set(Decision(bylaw=Bylaw.ROLES, value=role.id, scope=f"discord/{room.guild.id}"), by="x")
    async with house.open():
        await bob.say(room, f"{discord.mention} hello")
        await discord.until(lambda: discord.said(bob.dm))
        await ada.say(room, f"{discord.mention} hello")
        (answer,) = await discord.until(lambda: answered(discord))
        await ada.click(answer, "Again")
        await discord.until(lambda: answered(discord, count=2))
        refused = await bob.slash(room, "jarvis", text="hello")
        await discord.until(lambda: refused.follow_ups)
    assert "role" in refused.said
    assert discord.said(bob.dm)[0].text.startswith(refused.said)
    assert f"/{room.guild.id}/{room.id}/" in discord.said(bob.dm)[0].text
    assert refused.private
    assert not discord.said(room)


async def test_who_cannot_be_written_to_learns_where_to_read_it(discord: Simulator, ada: Person, room: Channel) -> None:
    """With closed direct messages a short reply stands in the channel, without the reason; once is enough."""
    assert room.guild
    bob = discord.person("Bob", room.guild)
    bob.user.closed = True
    house = House(discord)
    scope = f"discord/{room.guild.id}"
    await house.store.bylaws.set(Decision(bylaw=Bylaw.BLOCKED, value=bob.user.id, scope=scope), by="x")
    async with house.open():
        await bob.say(room, f"{discord.mention} hello")
        await discord.until(lambda: discord.said(room))
    assert discord.said(room)[0].text.startswith("I may not answer this here.")
    assert "Bob" in discord.said(room)[0].pinged


async def test_roles_are_known_of_who_wrote_while_we_were_away(discord: Simulator, ada: Person, room: Channel) -> None:
    """Discord leaves roles out of a history: they are asked for, so that who has the role is answered afterwards."""
    assert room.guild
    bob = discord.person("Bob", room.guild)
    role = discord.role(room.guild, "makers", bob)
    house = House(discord)
    await house.store.bylaws.set(Decision(bylaw=Bylaw.ROLES, value=role.id, scope=f"discord/{room.guild.id}"), by="x")
    await bob.say(room, f"{discord.mention} hello")
    async with house.open():
        await discord.until(lambda: answered(discord))
        (asked,) = await house.store.people.requests("discord", bob.user.id)
    assert role.id in asked.author.roles


async def test_where_only_adults_are_let_in_is_known(discord: Simulator, ada: Person, room: Channel) -> None:
    """An age-restricted channel and its threads, by mention, command and button; another channel is none."""
    assert room.guild
    adults = discord.channel(room.guild, "adults")
    adults.nsfw = True
    house = House(discord, ScriptedController([task(0)]))
    async with house.open():
        await ada.say(room, f"{discord.mention} hello")
        await discord.until(lambda: answered(discord))
        await ada.say(adults, f"{discord.mention} hello")
        answer = (await discord.until(lambda: answered(discord, count=2)))[1]
        await ada.slash(answer.channel, "jarvis", text="hello")
        await discord.until(lambda: answered(discord, count=3))
        await ada.click(answer, "Again")
        await discord.until(lambda: answered(discord, count=4))
        asked = await house.store.people.requests("discord", ada.user.id)
    assert [one.adults for one in reversed(asked)] == [False, True, True, True]
    assert asked[0].safety is Safety.OFF


async def test_a_limit_says_until_when(discord: Simulator, ada: Person) -> None:
    """The request too many is refused with what is allowed, and when the next may be asked."""
    house = House(discord)
    decision = Decision(bylaw=Bylaw.REQUESTS_PER_PERSON, value="1", scope="discord")
    await house.store.bylaws.set(decision, by="x")
    async with house.open():
        await ada.say(ada.dm, "Hello, who are you?")
        await discord.until(lambda: answered(discord))
        await ada.say(ada.dm, "Hello, who are you?")
        await discord.until(lambda: len(discord.said(ada.dm)) == 3)
    assert "once in the last day" in discord.said(ada.dm)[-1].text
    assert "again in about 24 hours" in discord.said(ada.dm)[-1].text


async def test_what_was_missed_is_refused_once(discord: Simulator, ada: Person, room: Channel) -> None:
    """Written while we were away and not to be answered: told when we are back, in each way, and not again later."""
    assert room.guild
    bob = discord.person("Bob", room.guild)
    house = House(discord)
    scope = f"discord/{room.guild.id}"
    await house.store.bylaws.set(Decision(bylaw=Bylaw.BLOCKED, value=bob.user.id, scope=scope), by="x")
    await bob.say(room, f"{discord.mention} hello")
    await ada.say(room, discord.mention)
    async with house.open():
        await discord.until(lambda: discord.said(bob.dm) and discord.said(room))
    discord.post.nonces.clear()
    discord.rest.calls.clear()
    async with house.open():
        # Each place is looked at, and for each of the two messages whether it was told before.
        await discord.until(lambda: [verb for _, verb in discord.rest.calls].count("history") >= 3)
        await ada.say(ada.dm, "Good evening, dear friend of mine.")
        await discord.until(lambda: answered(discord, ada.dm))
    assert len(discord.said(bob.dm)) == 1
    assert [one.text.partition(".")[0] for one in discord.said(room)] == ["Your message is empty"]


async def test_roles_are_known_of_who_changes_a_message(discord: Simulator, ada: Person, room: Channel) -> None:
    """What somebody with the role changes is planned anew."""
    assert room.guild
    bob = discord.person("Bob", room.guild)
    role = discord.role(room.guild, "makers", bob)
    house = House(discord, ScriptedController([task(0)]), FunctionExecutor(seconds=2))
    await house.store.bylaws.set(Decision(bylaw=Bylaw.ROLES, value=role.id, scope=f"discord/{room.guild.id}"), by="x")
    async with house.open():
        asked = await bob.say(room, f"{discord.mention} helo")
        await discord.until(lambda: any("word" in one.text for one in discord.said()))
        await bob.edit(asked, f"{discord.mention} hello")
        with anyio.fail_after(30):
            while len(kept := await house.store.people.requests("discord", bob.user.id)) < 2:  # noqa: ASYNC110
                await anyio.sleep(0.01)
        await discord.until(lambda: answered(discord))  # the first one's card has gone
    assert [(one.text, one.author.roles[-1]) for one in kept] == [("hello", role.id), ("helo", role.id)]
    assert not discord.said(bob.dm)

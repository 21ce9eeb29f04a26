"""Talking with the bot on Discord, its real client at the local Discord: heard, answered, once, and nobody pinged."""

from __future__ import annotations

import time
from itertools import combinations

import anyio
import pytest

from adapters.discord import connection
from core.ports import Say
from core.types import Mode
from tests.adapters.discord.house import House
from tests.adapters.discord.look import answered
from tests.fakes import FunctionExecutor, ScriptedController, task
from tests.simulators.discord import Channel, Person, Simulator
from tests.simulators.discord.limits import Bucket
from tests.simulators.discord.permissions import USUAL, May

pytestmark = pytest.mark.anyio


async def test_a_mention_opens_a_thread_with_card_and_answer(discord: Simulator, ada: Person, room: Channel) -> None:
    """The thread is named after the request; the card is folded to one line; the answer is plain text below it."""
    async with House(discord, ScriptedController([task(0, text="tea")])).open():
        asked = await ada.say(room, f"{discord.mention} make a   word of tea")
        (answer,) = await discord.until(lambda: answered(discord))
        card = discord.said(answer.channel)[0]
        await discord.until(lambda: "1 step" in card.text)
    assert asked.thread is answer.channel is not None
    assert answer.channel.name == "make a word of tea"
    assert answer.text == "0=<tea>"
    assert card.v2
    assert card.text.startswith("✅ 1 step · toy")
    assert len(discord.said()) == 2
    assert room.typed
    assert not discord.rest.refusals


async def test_a_direct_message_needs_no_mention(discord: Simulator, ada: Person) -> None:
    """In a direct message everything is a request, and the card replies to it."""
    async with House(discord).open():
        asked = await ada.say(ada.dm, "hello")
        await discord.until(lambda: answered(discord))
    card = discord.said(ada.dm)[0]
    assert card.reference
    assert card.reference["message_id"] == asked.id


async def test_plain_talk_leaves_nothing_but_the_answer(discord: Simulator, ada: Person) -> None:
    """Where no step was needed the card goes away."""
    async with House(discord, ScriptedController([Say("I am JARVIS.")])).open():
        await ada.say(ada.dm, "who are you?")
        await discord.until(lambda: [one.text for one in discord.said(ada.dm)] == ["I am JARVIS."])
    assert len(discord.said()) == 1


async def test_others_are_left_alone(discord: Simulator, ada: Person, room: Channel) -> None:
    """Without the intent nothing but mentions, replies that ping and direct messages is heard."""
    async with House(discord).open():
        await ada.say(room, "good morning everybody")
        await ada.say(room, f"{discord.mention} hello")
        (answer,) = await discord.until(lambda: answered(discord))
        await ada.say(answer.channel, "thanks")
        await ada.say(answer.channel, "and now?", to=answer)
        await discord.until(lambda: answered(discord, count=2))
    assert len(answered(discord, answer.channel)) == 2


async def test_with_the_intent_a_thread_goes_on_without_mentions(ada: Person) -> None:
    """Where the portal grants the intent it is used: follow-ups in our threads are heard, talk of others is not."""
    async with Simulator(content=True) as discord:
        ada = discord.person("Ada")
        guild = discord.guild(ada)
        room, bob = discord.channel(guild, "general"), discord.person("Bob", guild)
        async with House(discord).open():
            await ada.say(room, f"{discord.mention} hello")
            (answer,) = await discord.until(lambda: answered(discord))
            await ada.say(answer.channel, f"<@{bob.user.id}> look at that")
            await bob.say(answer.channel, "more please")
            await discord.until(lambda: answered(discord, count=2))
    assert len(answered(discord, answer.channel)) == 2


async def test_the_picture_replied_to_is_the_input(ada: Person) -> None:
    """A reply brings the files of the message it replies to; its words where it has no files."""
    controller = ScriptedController([task(0, "look", image="<attachment-0>")])
    async with Simulator(content=True) as discord:
        ada = discord.person("Ada")
        room = discord.channel(discord.guild(ada), "general")
        async with House(discord, controller).open():
            shown = await ada.say(room, "my cat", [("cat.png", b"\x89PNG\r\n\x1a\ncat")])
            await ada.say(room, f"{discord.mention} what is this?", to=shown)
            await discord.until(lambda: answered(discord))
            written = await ada.say(room, "I love you")
            await ada.say(room, f"{discord.mention} say it in Tamil:", to=written)
            await discord.until(lambda: answered(discord, count=2))
    looked, translated = controller.briefs
    assert looked.text == "what is this?"
    assert [file.name for file in looked.artifacts.values()] == ["cat.png"]
    assert translated.text == "say it in Tamil:\n\nI love you"


async def test_a_reply_to_what_we_may_not_see_is_told(discord: Simulator, ada: Person, room: Channel) -> None:
    """Without the intent the message replied to is empty: the author reads what to do."""
    async with House(discord).open():
        shown = await ada.say(room, "", [("cat.png", b"\x89PNG\r\n\x1a\ncat")])
        await ada.say(room, f"{discord.mention} what is this?", to=shown)
        await discord.until(lambda: discord.said(room))
    assert "Ask JARVIS about this" in discord.said(room)[0].text


async def test_without_threads_it_replies(discord: Simulator, ada: Person) -> None:
    """Where threads may not be made, the card replies in the channel, which is then the conversation."""
    room = discord.channel(discord.guild(ada), "general", denied=May.CREATE_PUBLIC_THREADS)
    async with House(discord).open() as house:
        asked = await ada.say(room, f"{discord.mention} hello")
        await discord.until(lambda: answered(discord, room))
        turns = await house.store.memory.window(f"discord/{room.guild.id}/{room.id}/{room.id}")  # type: ignore[union-attr]
    card = discord.said(room)[0]
    assert card.reference
    assert card.reference["message_id"] == asked.id
    assert [turn.role for turn in turns] == ["user", "assistant"]


async def test_nobody_is_pinged_by_what_a_model_says(discord: Simulator, ada: Person, room: Channel) -> None:
    """Everyone, here, roles and users in an answer notify nobody but who asked, whatever rights the bot has."""
    guild = room.guild
    assert guild
    guild.roles[guild.id].mentionable = True
    bob = discord.person("Bob", guild)
    for role in guild.roles.values():
        role.permissions |= May.MENTION_EVERYONE
        role.mentionable = True
    roles = " ".join(f"<@&{role}>" for role in guild.roles)
    said = f"@everyone @here {roles} <@{bob.user.id}> <@!{bob.user.id}> hello"
    controller = ScriptedController([task(0, text=said), Say(said)], [[Say(said), 1.2, Say(said)]])
    async with House(discord, controller).open():
        await ada.say(room, f"{discord.mention} {said}")
        await discord.until(lambda: answered(discord))
    assert set().union(*(one.pinged for one in discord.said())) <= {"Ada"}
    assert len(discord.said()) >= 2


async def test_an_answer_is_streamed_and_files_come_with_it(discord: Simulator, ada: Person) -> None:
    """Words appear while they are written, at most one edit a second; the picture comes with words for the blind."""
    controller = ScriptedController(
        [task(0, "picture", texts=["a red car"])], [[Say("Here "), 1.5, Say("it "), 1.5, Say("is."), 0.5]]
    )
    async with House(discord, controller).open():
        await ada.say(ada.dm, "draw a red car")
        first = await discord.until(lambda: [one for one in discord.said(ada.dm) if not one.v2])
        assert first[0].text == "Here "[:-1] or first[0].text.startswith("Here")
        (answer,) = await discord.until(lambda: answered(discord))
    assert answer is first[0]
    assert answer.text.startswith("Here it is.")
    assert [file["filename"] for file in answer.attachments] == ["picture.png"]
    assert "a red car" in answer.attachments[0]["description"]
    assert discord.file(answer.attachments[0]) == b"a red car"
    assert discord.rest.limits.refused == 0


async def test_who_is_turned_away_reads_why(discord: Simulator, ada: Person, room: Channel) -> None:
    """An empty mention and a text that is too long get their sentence as a reply."""
    async with House(discord).open():
        await ada.say(room, discord.mention)
        await discord.until(lambda: len(discord.said(room)) == 1)
        await ada.say(ada.dm, "x" * 1900, [(f"{number}.txt", b"x") for number in range(5)])
        await discord.until(lambda: len(discord.said(ada.dm)) == 1)
    assert discord.said(room)[0].text.startswith("Your message is empty.")
    assert "5 files" in discord.said(ada.dm)[0].text


async def test_a_deleted_message_stops_its_request(discord: Simulator, ada: Person) -> None:
    """Who takes a message back stops the work on it, down to the job."""
    executor = FunctionExecutor(seconds=30)
    async with House(discord, executor=executor).open():
        asked = await ada.say(ada.dm, "hello")
        await discord.until(lambda: executor.ran)
        await ada.delete(asked)
        await discord.until(lambda: "Stopped." in [one.text for one in discord.said(ada.dm)])
    assert executor.cancelled


async def test_a_changed_message_is_planned_anew(discord: Simulator, ada: Person) -> None:
    """While we work on it, changing a message stops the old plan and follows the new words; only those stay."""
    controller, executor = ScriptedController([task(0)]), FunctionExecutor(seconds=1)
    async with House(discord, controller, executor).open():
        asked = await ada.say(ada.dm, "helo")
        await discord.until(lambda: executor.ran)
        await ada.edit(asked, "hello")
        await discord.until(lambda: len(controller.briefs) == 2)
        await discord.until(lambda: answered(discord))
        assert "Stopped." not in [one.text for one in discord.said(ada.dm)]
    assert [brief.text for brief in controller.briefs] == ["helo", "hello"]


async def test_what_was_missed_is_caught_up_with_once(discord: Simulator, ada: Person, room: Channel) -> None:
    """Said while the bot was away, and again while its session was lost: each is answered, none twice."""
    store = House(discord).store
    await ada.say(room, f"{discord.mention} before")
    async with House(discord, store=store).open():
        await discord.until(lambda: answered(discord))
        await discord.gateway.drop(forget=True)
        await ada.say(room, f"{discord.mention} meanwhile")
        await discord.until(lambda: answered(discord, count=2), 30)
    async with House(discord, store=store).open():
        await ada.say(ada.dm, "a new beginning")
        await discord.until(lambda: answered(discord, ada.dm))
    assert len(answered(discord)) == 3
    assert discord.gateway.identified == 3


async def test_direct_messages_are_caught_up_with(discord: Simulator, ada: Person) -> None:
    """Who talked with us before is heard after an outage, too."""
    house = House(discord)
    async with house.open():
        await ada.say(ada.dm, "one")
        await discord.until(lambda: answered(discord))
    await ada.say(ada.dm, "two")
    async with house.open():
        await discord.until(lambda: answered(discord, count=2))


async def test_rights_that_are_missing_cost_no_answer(discord: Simulator, ada: Person) -> None:
    """Without the right to attach files the words come, with a sentence about the file."""
    guild = discord.guild(ada, permissions=USUAL & ~May.ATTACH_FILES)
    guild.roles[guild.id].permissions &= ~May.ATTACH_FILES
    room = discord.channel(guild, "general")
    controller = ScriptedController([task(0, "picture", texts=["a"]), *map(task, range(1, 6))], [[Say("Look:")]])
    async with House(discord, controller).open():
        await ada.say(room, f"{discord.mention} draw")
        (answer,) = await discord.until(lambda: answered(discord))
        await discord.until(lambda: "6 steps" in discord.said(answer.channel)[0].text)
    assert "Look:" in answer.text
    assert "not allowed to attach" in answer.text


async def test_the_mode_of_the_channel_counts(discord: Simulator, ada: Person, room: Channel) -> None:
    """What was set for a channel holds for the threads in it."""
    controller = ScriptedController([task(0)])
    async with House(discord, controller).open() as house:
        assert room.guild
        await house.store.modes.set(f"discord/{room.guild.id}/{room.id}", Mode.REMOTE, by="ada")
        await ada.say(room, f"{discord.mention} hello")
        await discord.until(lambda: answered(discord))
    assert controller.briefs[0].mode is Mode.REMOTE


async def test_what_is_said_in_one_breath_is_one_request(discord: Simulator, ada: Person) -> None:
    """A picture, then what to do with it: one request. What stands for itself is taken at once. None is heard twice."""
    controller = ScriptedController([task(0)])
    house = House(discord, controller)
    async with house.open():
        await ada.say(ada.dm, "", [("cat.png", b"\x89PNG\r\n\x1a\ncat")])
        await ada.say(ada.dm, "what is it?")
        await discord.until(lambda: answered(discord))
        began = time.monotonic()
        await ada.say(ada.dm, "Hello, who are you?")
        await discord.until(lambda: len(controller.briefs) == 2)
        assert time.monotonic() - began < 1
        await discord.until(lambda: answered(discord, count=2))
    async with house.open():  # looks back over all of it
        await ada.say(ada.dm, "Good evening, dear friend of mine.")
        await discord.until(lambda: answered(discord, count=3))
        await anyio.sleep(2.5)  # by then it has looked back
    assert [brief.text for brief in controller.briefs][:2] == ["what is it?", "Hello, who are you?"]
    assert [file.name for file in controller.briefs[0].artifacts.values()] == ["cat.png"]
    assert len(controller.briefs) == 3


async def test_where_we_may_not_write_the_author_is_told_directly(discord: Simulator, ada: Person) -> None:
    """Mentioned where it can read but not write, the bot answers in a direct message."""
    guild = discord.guild(ada)
    room = discord.channel(guild, "read-only", denied=May.SEND_MESSAGES | May.SEND_MESSAGES_IN_THREADS)
    async with House(discord).open():
        await ada.say(room, f"{discord.mention} hello")
        await discord.until(lambda: answered(discord, ada.dm))
    assert not discord.said(room)


async def test_a_gateway_that_is_away_at_first_is_waited_for(discord: Simulator, ada: Person) -> None:
    """Discord lets us log in but names no gateway yet: we try again until it does."""
    discord.rest.broken["gateway"] = [503]
    async with House(discord).open():
        await ada.say(ada.dm, "Hello, who are you?")
        await discord.until(lambda: answered(discord))


async def test_too_many_new_threads_cost_no_answer(
    discord: Simulator, ada: Person, room: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where Discord wants minutes before the next thread, the answer comes as a reply in the channel."""
    monkeypatch.setattr(connection, "THREAD_SECONDS", 0.5)
    discord.rest.limits.buckets["POST /channels/threads", room.id] = Bucket(1, 300, used=1, ends=time.monotonic() + 300)
    async with House(discord).open():
        await ada.say(room, f"{discord.mention} hello")
        (answer,) = await discord.until(lambda: answered(discord))
    assert answer.channel is room


@pytest.mark.parametrize("seconds", [0.5, 3.0])
async def test_what_comes_before_its_server_is_heard_once(
    discord: Simulator, ada: Person, room: Channel, seconds: float
) -> None:
    """A message that arrives before its server was introduced is no direct message: it is found a moment later."""
    guild = room.guild
    assert guild
    del discord.world.guilds[guild.id]
    async with House(discord).open():
        await ada.say(room, f"{discord.mention} hello")
        await anyio.sleep(seconds)
        assert not discord.said()
        discord.world.guilds[guild.id] = guild
        await discord.gateway.emit("GUILD_CREATE", guild, lambda _session: guild.json(discord.world.bot))
        await discord.until(lambda: answered(discord), 20)
    (answer,) = answered(discord)
    assert answer.channel.parent is room


async def test_one_thread_after_the_other(discord: Simulator, ada: Person, room: Channel) -> None:
    """Several requests in one channel have a thread each: below the limit nobody waits for it."""
    async with House(discord).open():
        asked = [await ada.say(room, f"{discord.mention} hello {number}") for number in range(4)]
        found = await discord.until(lambda: answered(discord, count=4))
    assert {one.channel.id for one in found} == {one.id for one in asked}


DENIED = [
    May.SEND_MESSAGES,
    May.CREATE_PUBLIC_THREADS,
    May.SEND_MESSAGES_IN_THREADS,
    May.ATTACH_FILES,
    May.EMBED_LINKS,
    May.READ_MESSAGE_HISTORY,
]
"""The rights that the bot asks for, apart from seeing the channel: whoever cannot is not spoken to."""


@pytest.mark.parametrize("denied", [*DENIED, *(one | other for one, other in combinations(DENIED, 2))], ids=repr)
async def test_any_right_may_be_missing(discord: Simulator, ada: Person, denied: May) -> None:
    """Whichever right is denied, alone or with another: the answer comes, somewhere, and what goes wrong is said."""
    room = discord.channel(discord.guild(ada), "general", denied=denied)
    controller = ScriptedController([task(0, "picture", texts=["a red car"])], [[Say("Look:")]])
    async with House(discord, controller).open():
        await ada.say(room, f"{discord.mention} draw a red car")
        (answer,) = await discord.until(lambda: answered(discord))
        await discord.until(lambda: any("1 step" in one.text for one in discord.said(answer.channel)))
        await ada.say(room, discord.mention)
        await discord.until(lambda: [one for one in discord.said() if "message is empty" in one.text])
    assert answer.text.startswith("Look:")
    assert answer.attachments or "not allowed to attach" in answer.text

"""Discord in trouble, and places that are shut: everybody still gets one answer, and the log no riddles."""

from __future__ import annotations

import anyio
import pytest
from structlog.testing import capture_logs

from adapters.discord import files
from core.controllers.embedded import EmbeddedController
from tests.adapters.discord.house import House
from tests.adapters.discord.look import answered
from tests.fakes import FunctionExecutor, ScriptedController, task
from tests.simulators.discord import Channel, Message, Person, Simulator
from tests.simulators.discord.world import FORUM, NEWS, STAGE

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("happens", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("verb", ["thread", "create", "edit", "typing"])
async def test_a_line_that_breaks_costs_nothing(
    discord: Simulator, ada: Person, room: Channel, verb: str, happens: bool
) -> None:
    """Whether the call took effect or not: one thread, one card, one answer."""
    discord.rest.cut[verb] = [happens]
    async with House(discord).open():
        asked = await ada.say(room, f"{discord.mention} hello")
        (answer,) = await discord.until(lambda: answered(discord))
        await discord.until(lambda: "1 step" in discord.said(asked.thread)[0].text)
    assert answer.channel is asked.thread
    assert len(discord.said()) == 2


@pytest.mark.parametrize(("status", "times"), [(503, 4), (429, 1)], ids=["in trouble", "guarded"])
async def test_a_discord_that_is_away_is_waited_for(
    discord: Simulator, ada: Person, room: Channel, status: int, times: int
) -> None:
    """While it, or who stands before it, takes no message the work goes on, once; nothing of this is our error."""
    discord.rest.broken["create"] = [status] * times
    executor = FunctionExecutor()
    with capture_logs() as logs:
        async with House(discord, executor=executor).open():
            asked = await ada.say(room, f"{discord.mention} hello")
            await discord.until(lambda: answered(discord))
    assert len(answered(discord, asked.thread)) == 1
    assert len(executor.ran) == 1
    assert "platform away" in [one["event"] for one in logs]
    assert not [one for one in logs if one["log_level"] == "error"]


async def test_a_post_in_a_forum_is_answered_there(discord: Simulator, ada: Person) -> None:
    """The first message of a post has the post's own id, and gets no thread of its own."""
    forum = discord.channel(discord.guild(ada), "questions", type=FORUM)
    async with House(discord).open():
        asked = await ada.post(forum, "Tea?", f"{discord.mention} hello")
        await discord.until(lambda: answered(discord))
        await ada.say(asked.channel, f"{discord.mention} and more")
        await discord.until(lambda: answered(discord, count=2))
    assert {one.channel for one in answered(discord)} == {asked.channel}


async def test_news_get_a_thread_and_a_stage_a_reply(discord: Simulator, ada: Person) -> None:
    """Each kind of channel is answered as it can be."""
    guild = discord.guild(ada)
    news, stage = discord.channel(guild, "news", type=NEWS), discord.channel(guild, "stage", type=STAGE)
    async with House(discord).open():
        asked = await ada.say(news, f"{discord.mention} hello")
        await ada.say(stage, f"{discord.mention} hello")
        found = await discord.until(lambda: answered(discord, count=2))
    assert {one.channel for one in found} == {asked.thread, stage}


async def test_a_thread_that_is_closed_meanwhile_is_opened_again(
    discord: Simulator, ada: Person, room: Channel
) -> None:
    """Posting opens a thread, editing does not: so the card would stay as it was."""
    async with House(discord, executor=FunctionExecutor(seconds=0.5)).open():
        asked = await ada.say(room, f"{discord.mention} hello")
        await discord.until(lambda: discord.said(asked.thread))
        assert asked.thread
        asked.thread.archived = True
        await discord.until(lambda: answered(discord, asked.thread))
        await discord.until(lambda: "1 step" in discord.said(asked.thread)[0].text)
    assert not asked.thread.archived


async def _opened(discord: Simulator, asked: Message) -> Channel:
    """Return the thread of a message, once there is something in it."""
    await discord.until(lambda: asked.thread and discord.said(asked.thread))
    assert asked.thread
    return asked.thread


def _lock(channel: Channel) -> None:
    channel.archived = channel.locked = True


@pytest.mark.parametrize("shut", ["locked", "deleted"])
async def test_where_we_cannot_write_any_more_the_answer_comes_directly(
    discord: Simulator, ada: Person, room: Channel, shut: str
) -> None:
    """It says what it is about; where even that is not wanted, nothing is tried again and again."""
    guild = room.guild
    assert guild
    bob = discord.person("Bob", guild)
    bob.user.closed = True
    with capture_logs() as logs:
        async with House(discord, executor=FunctionExecutor(seconds=0.7)).open() as house:
            for person in (ada, bob):
                asked = await person.say(room, f"{discord.mention} hello")
                thread = await _opened(discord, asked)
                if shut == "locked":
                    _lock(thread)
                else:
                    await discord.close(thread)
            await discord.until(lambda: answered(discord, ada.dm))
            with anyio.fail_after(15):
                while await house.store.archive.under_way(f"discord/{guild.id}"):  # noqa: ASYNC110 - it tells nobody
                    await anyio.sleep(0.05)
    assert "You asked this in https://discord.com/channels/" in answered(discord, ada.dm)[0].text
    assert not discord.said(bob.dm)
    assert not [one for one in logs if one["log_level"] == "error"]
    assert "nowhere to answer" in [one["event"] for one in logs]


async def test_what_is_taken_back_at_once_is_not_answered(discord: Simulator, ada: Person) -> None:
    """While we wait whether more follows, a message can be deleted, changed, and delivered again: it is one."""
    controller = ScriptedController([task(0)])
    async with House(discord, controller).open():
        gone = await ada.say(ada.dm, "read this")
        await anyio.sleep(0.2)
        await ada.delete(gone)
        asked = await ada.say(ada.dm, "say this")
        await discord.gateway.message("MESSAGE_CREATE", asked)
        await anyio.sleep(0.2)
        await ada.edit(asked, "say that")
        await discord.until(lambda: answered(discord))
    assert [brief.text for brief in controller.briefs] == ["say that"]


async def test_what_a_moderator_sweeps_away_is_stopped(discord: Simulator, ada: Person, room: Channel) -> None:
    """Messages that go together stop their requests, each of them."""
    executor = FunctionExecutor(seconds=60)
    async with House(discord, executor=executor).open():
        asked = [await ada.say(room, f"{discord.mention} hello {number}") for number in range(2)]
        await discord.until(lambda: len(executor.ran) == 2)
        await discord.sweep(*asked)
        await discord.until(lambda: len(executor.cancelled) == 2)
        await discord.until(lambda: answered(discord, count=2))
    assert {one.text for one in answered(discord)} == {"Stopped."}


@pytest.mark.parametrize("happens", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("private", [False, True], ids=["open", "private"])
async def test_a_command_is_answered_once_although_its_line_breaks(
    discord: Simulator, ada: Person, room: Channel, private: bool, happens: bool
) -> None:
    """The first answer is given again; where Discord has it already, we go on from it."""
    async with House(discord).open():
        await discord.until(lambda: discord.world.commands)
        discord.rest.cut["callback"] = [happens]
        await ada.slash(room, "jarvis", text="hello", private=private)
        if private:
            await discord.until(lambda: any("0=<" in one.text for one in discord.said(private=True)))
            assert len(discord.said(private=True)) == 1
        else:
            await discord.until(lambda: answered(discord))
    assert len(answered(discord)) == (0 if private else 1)


async def test_an_interaction_that_is_over_is_no_riddle(discord: Simulator, ada: Person, room: Channel) -> None:
    """Discord itself shows that nothing came in time; our log has a line and no traceback."""
    with capture_logs() as logs:
        async with House(discord).open():
            await discord.until(lambda: discord.world.commands)
            for interaction in ("jarvis-me usage", "jarvis-admin mode"):
                made = ada._command(2, room, interaction, {}, {})
                made.at -= 5
                await discord.desk.send(made)
            await discord.until(lambda: sum(one["event"] == "interaction over" for one in logs) == 2)
    assert not [one for one in logs if one["log_level"] == "error"]


@pytest.mark.parametrize(
    ("statuses", "said"),
    [([503, 500], ""), ([404], "It is not on Discord any more"), ([500] * 3, "Discord did not hand it over")],
    ids=["stumbles", "gone", "broken"],
)
async def test_a_file_that_is_not_handed_over(
    discord: Simulator, ada: Person, monkeypatch: pytest.MonkeyPatch, statuses: list[int], said: str
) -> None:
    """It is asked for again where that helps, and told in words that name no server where it does not."""
    monkeypatch.setattr(files, "PAUSES", (0.01, 0.01))
    discord.cdn_broken = list(statuses)
    controller = ScriptedController([task(0, "look", image="<attachment-0>")])
    async with House(discord, controller).open():
        await ada.say(ada.dm, "what is this?", [("cat.png", b"\x89PNG\r\n\x1a\ncat")])
        await discord.until(lambda: answered(discord))
        shown = "\n".join(one.text for one in discord.said(ada.dm))
    assert bool(controller.briefs[0].artifacts) is not bool(said)
    assert said in shown
    assert "127.0.0.1" not in shown


async def test_an_event_that_cannot_be_read_costs_that_event_only(
    discord: Simulator, ada: Person, room: Channel
) -> None:
    """Discord adds to its events as it likes: the library would give up the gateway, and we with it."""
    assert room.guild
    odd = {"id": "1", "type": 0, "guild_id": room.guild.id}  # and no more
    with capture_logs() as logs:
        async with House(discord).open():
            await discord.gateway.emit("CHANNEL_CREATE", room.guild, lambda _session: odd)
            await discord.gateway.emit("INTERACTION_CREATE", room.guild, lambda _session: {"id": "1"})
            await ada.say(room, f"{discord.mention} hello")
            await discord.until(lambda: answered(discord))
    assert sum(one["event"] == "event not understood" for one in logs) == 2
    assert discord.gateway.identified == 1


async def test_who_mentions_our_role_is_told_whom_to_mention(discord: Simulator, ada: Person, room: Channel) -> None:
    """Without the intent Discord hides what such a message says."""
    assert room.guild
    role = next(role for role in room.guild.roles.values() if role.bot)
    role.mentionable = True
    async with House(discord).open():
        await ada.say(room, f"<@&{role.id}> hello")
        (told,) = await discord.until(lambda: discord.said(room))
    assert told.text.startswith("You mentioned my role")
    assert discord.mention in told.text


async def test_a_file_that_is_all_that_is_wrong_leaves_no_card(discord: Simulator, ada: Person) -> None:
    """The answer says it; a receipt of no steps beside it would say nothing."""
    async with House(discord, EmbeddedController()).open():
        await ada.say(ada.dm, "read this", [("cat.zip", b"PK\x03\x04" + b"x" * 99)])
        await discord.until(lambda: answered(discord))
        await discord.until(lambda: len(discord.said(ada.dm)) == 1)
    assert "cat.zip" in discord.said(ada.dm)[0].text


async def test_where_nobody_invited_us_the_doctor_says_so(discord: Simulator, ada: Person, room: Channel) -> None:
    """The rights that somebody's own installation has are none of ours."""
    async with House(discord).open():
        await discord.until(lambda: discord.world.commands)
        asked = await ada.slash(room, "jarvis-me doctor", installed=False)
        await discord.until(lambda: asked.said)
    assert "Nobody has invited me to this server" in asked.said
    assert "all rights" not in asked.said

"""Talking with the bot in Slack, its real bolt app at the local Slack: heard, answered in threads, once."""

from __future__ import annotations

import anyio
import pytest

from core.ports import Say
from core.types import Mode
from tests.adapters.slack.house import House
from tests.adapters.slack.look import answered
from tests.fakes import FunctionExecutor, ScriptedController, task
from tests.simulators.slack import Channel, Person, Simulator

pytestmark = pytest.mark.anyio


async def test_a_mention_is_answered_in_its_thread_once(slack: Simulator, ada: Person, room: Channel) -> None:
    """It is told of by two events and is one request; the author sees a sign before anybody works on it."""
    controller = ScriptedController([task(0, text="tea")])
    async with House(slack, controller).open():
        asked = await ada.say(room, f"{slack.mention} make a   word of tea")
        (answer,) = await slack.until(lambda: answered(slack, room))
        await slack.until(lambda: asked.reactions)
        await slack.until(lambda: all(one.acknowledged for one in slack.delivery.sent))
    assert answer.thread_ts == asked.ts
    assert "0=" in answer.shown
    assert [brief.text for brief in controller.briefs] == ["make a word of tea"]


async def test_a_direct_message_needs_no_mention(slack: Simulator, ada: Person) -> None:
    """In the direct conversation everything is a request, a message with a picture too."""
    controller = ScriptedController([task(0, "look", image="<attachment-0>")])
    async with House(slack, controller).open():
        await ada.say(ada.dm, "what is it?", [("cat.png", b"\x89PNG\r\n\x1a\ncat")])
        await slack.until(lambda: answered(slack, ada.dm))
    assert [file.name for file in controller.briefs[0].artifacts.values()] == ["cat.png"]


async def test_our_threads_go_on_without_mentions(slack: Simulator, ada: Person, room: Channel) -> None:
    """Follow-ups in our threads are heard, also those shown in the channel; talk of others and to others is not."""
    bob = slack.person("Bob", room)
    controller = ScriptedController([task(0)])
    async with House(slack, controller).open():
        elsewhere = await ada.say(room, "good morning everybody")
        await bob.say(room, "morning", thread=elsewhere)
        asked = await ada.say(room, f"{slack.mention} hello")
        await slack.until(lambda: answered(slack, room))
        await ada.say(room, f"<@{bob.user.id}> look at that", thread=asked)
        await bob.say(room, "more please", thread=asked, broadcast=True)
        await slack.until(lambda: answered(slack, room, 2))
    assert [brief.text for brief in controller.briefs] == ["hello", "more please"]
    assert {one.thread_ts for one in answered(slack, room)} == {asked.ts}


class Dice:
    """Says how late each event is, in tenths of a second."""

    def __init__(self, *late: int) -> None:
        self.late = list(late)

    def random(self) -> float:
        return self.late.pop(0) / 10 if self.late else 0.0


async def test_what_comes_before_the_beginning_of_its_thread_is_heard(
    slack: Simulator, ada: Person, room: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack may tell of a follow-up first: it is taken as soon as the thread turns out to be ours."""
    controller = ScriptedController([task(0)])
    monkeypatch.setattr(slack.delivery, "_dice", Dice(8, 8, 0))
    async with House(slack, controller).open():
        slack.delivery.disorder = 1.0
        asked = await ada.say(room, f"{slack.mention} hello")
        await ada.say(room, "and more", thread=asked)
        await slack.until(lambda: answered(slack, room, 2))
    assert [brief.text for brief in controller.briefs] == ["hello", "and more"]


async def test_a_mention_in_a_thread_of_others_is_about_what_was_said_there(
    slack: Simulator, ada: Person, room: Channel
) -> None:
    """The picture above a mention is its input; where there is none, the words that the thread hangs from are."""
    controller = ScriptedController([task(0, "look", image="<attachment-0>")])
    async with House(slack, controller).open():
        shown = await ada.say(room, "my cat", [("cat.png", b"\x89PNG\r\n\x1a\ncat")])
        await ada.say(room, f"{slack.mention} what is this?", thread=shown)
        await slack.until(lambda: answered(slack, room))
        written = await ada.say(room, "I love you")
        await ada.say(room, f"{slack.mention} say it in Tamil:", thread=written)
        await slack.until(lambda: answered(slack, room, 2))
    looked, translated = controller.briefs
    assert looked.text == "what is this?"
    assert [file.name for file in looked.artifacts.values()] == ["cat.png"]
    assert translated.text == "say it in Tamil:\n\nI love you"


async def test_names_and_links_are_read_as_people_do(slack: Simulator, ada: Person) -> None:
    """Escapes, links in brackets and channels are words again, and a link is a file."""
    controller = ScriptedController([Say("Aha.")])
    async with House(slack, controller).open():
        await ada.say(ada.dm, "is 1 < 2 & what is in https://a.example/x.png?a=1&b=2 ?")
        await slack.until(lambda: controller.briefs)
    assert controller.briefs[0].text == "is 1 < 2 & what is in https://a.example/x.png?a=1&b=2 ?"


async def test_who_is_mentioned_has_a_name(slack: Simulator, ada: Person, room: Channel) -> None:
    """People are asked for by name, not by id; where Slack does not tell who they are, nothing waits for it."""
    bob, controller = slack.person("Bob", room), ScriptedController([Say("Aha.")])
    async with House(slack, controller).open():
        await ada.say(room, f"{slack.mention} say hello to <@{bob.user.id}>")
        await slack.until(lambda: controller.briefs)
        slack.web.errors["users.info"] = "user_not_found"
        await ada.say(room, f"{slack.mention} say hello to <@U0NOBODY0> and <@{bob.user.id}>")
        await slack.until(lambda: len(controller.briefs) == 2)
    assert [brief.text for brief in controller.briefs] == ["say hello to @Bob", "say hello to @U0NOBODY0 and @Bob"]


async def test_who_is_turned_away_reads_why_once(slack: Simulator, ada: Person, room: Channel) -> None:
    """An empty mention gets its sentence in a thread, though two events tell of it."""
    async with House(slack).open():
        asked = await ada.say(room, slack.mention)
        await slack.until(lambda: slack.said(room))
        await anyio.sleep(0.3)
    (said,) = slack.said(room)
    assert said.thread_ts == asked.ts
    assert said.shown.startswith("Your message is empty.")


async def test_files_that_cannot_be_read_are_told(slack: Simulator, ada: Person) -> None:
    """A file of another service is refused with a sentence; a clip is taken like any other file."""
    controller = ScriptedController([task(0)])
    async with House(slack, controller).open():
        drive = ada.elsewhere("plan.gdoc", "https://docs.example/plan")
        clip = ada.clip(b"RIFF\x00\x00\x00\x00WAVEfmt ")
        await ada.say(ada.dm, "look at these", [drive, clip])
        (answer,) = await slack.until(lambda: answered(slack, ada.dm))
    assert "plan.gdoc" in answer.shown
    assert [file.name for file in controller.briefs[0].artifacts.values()] or "audio_message" in answer.shown


async def test_a_deleted_message_stops_its_request(slack: Simulator, ada: Person) -> None:
    """Who takes a message back stops the work on it, down to the job."""
    executor = FunctionExecutor(seconds=30)
    async with House(slack, executor=executor).open():
        asked = await ada.say(ada.dm, "hello")
        await slack.until(lambda: executor.ran)
        await ada.delete(asked)
        await slack.until(lambda: executor.cancelled)


async def test_a_message_that_comes_after_its_end_is_not_answered(slack: Simulator, ada: Person, room: Channel) -> None:
    """Slack delivers in no order: what is deleted already when it comes is left alone."""
    controller = ScriptedController([task(0)])
    async with House(slack, controller).open():
        await slack.until(lambda: any(name == "conversations.history" for _, name, _ in slack.web.calls))
        asked = await ada.say(room, "hello")
        (late,) = await slack.until(lambda: [one for one in slack.delivery.sent if one.acknowledged])
        late.event["text"] = f"{slack.mention} hello"
        await ada.delete(asked)
        await slack.until(lambda: len(slack.delivery.sent) == 2 and slack.delivery.sent[1].acknowledged)
        await slack.socket.carry(late, 5.0)
        await anyio.sleep(0.2)  # it would be answered now
    assert not controller.briefs
    assert not slack.said()


async def test_a_changed_message_is_planned_anew(slack: Simulator, ada: Person) -> None:
    """While we work on it, changing a message stops the old plan and follows the new words; only those stay."""
    controller, executor = ScriptedController([task(0)]), FunctionExecutor(seconds=1)
    async with House(slack, controller, executor).open():
        asked = await ada.say(ada.dm, "helo")
        await slack.until(lambda: executor.ran)
        await ada.edit(asked, "hello")
        await slack.until(lambda: len(controller.briefs) == 2)
        await slack.until(lambda: answered(slack, ada.dm))
        await slack.until(lambda: len(slack.said(ada.dm)) == 1)
    assert [brief.text for brief in controller.briefs] == ["helo", "hello"]


async def test_words_in_a_thread_steer(slack: Simulator, ada: Person, room: Channel) -> None:
    """!stop ends what is under way, !again asks once more, !help tells how; others may not stop it."""
    bob = slack.person("Bob", room)
    controller, executor = ScriptedController([task(0)]), FunctionExecutor(seconds=30)
    async with House(slack, controller, executor).open():
        asked = await ada.say(room, f"{slack.mention} hello")
        await slack.until(lambda: executor.ran)
        await bob.say(room, "!stop", thread=asked)
        await slack.until(lambda: any("Only who asked" in one.shown for one in slack.said(room, private=True)))
        assert not executor.cancelled
        await ada.say(room, "!stop", thread=asked)
        await slack.until(lambda: executor.cancelled)
        executor.seconds = 0
        await ada.say(room, f"{slack.mention} !again", thread=asked)
        await slack.until(lambda: len(controller.briefs) == 2)
        await ada.say(room, "!help", thread=asked)
        await slack.until(lambda: any("For example" in one.shown for one in slack.said(room, private=True)))
    assert [brief.text for brief in controller.briefs] == ["hello", "hello"]


async def test_the_mode_of_the_channel_counts(slack: Simulator, ada: Person, room: Channel) -> None:
    """What was set for a channel holds for the threads in it."""
    controller = ScriptedController([task(0)])
    async with House(slack, controller).open() as house:
        await house.store.modes.set(f"slack/{slack.workspace.id}/{room.id}", Mode.REMOTE, by="ada")
        await ada.say(room, f"{slack.mention} hello")
        await slack.until(lambda: answered(slack, room))
    assert controller.briefs[0].mode is Mode.REMOTE


async def test_what_was_missed_is_caught_up_with_once(slack: Simulator, ada: Person, room: Channel) -> None:
    """Said while nobody listened, in a channel, in a thread of ours and directly: each is answered, none twice."""
    controller = ScriptedController([task(0)])
    house = House(slack, controller)
    async with house.open():
        asked = await ada.say(room, f"{slack.mention} one")
        await slack.until(lambda: answered(slack, room))
    slack.delivery.lost |= {"app_mention", "message.channels", "message.im"}
    await ada.say(room, f"{slack.mention} two")
    await ada.say(room, "three", thread=asked)
    await ada.say(room, "!stop", thread=asked)
    await ada.say(ada.dm, "four")
    slack.delivery.lost.clear()
    async with house.open():
        await slack.until(lambda: answered(slack, None, 4))
        await slack.socket.close()  # every socket is lost, and the library opens another
        await ada.say(room, "good evening")
        await slack.until(lambda: len(slack.socket.connections) >= 1, 30)
        await ada.say(room, f"{slack.mention} five")
        await slack.until(lambda: answered(slack, None, 5), 30)
    assert sorted(brief.text for brief in controller.briefs) == ["five", "four", "one", "three", "two"]

"""What people do besides writing: the slash command, the shortcut, the home page, prompts, and Slack's own Stop."""

from __future__ import annotations

import json
import re

import pytest

from adapters.slack.commands import ASK, COMMAND, SHORTCUT
from tests.adapters.slack.house import House
from tests.adapters.slack.look import answered
from tests.fakes import FunctionExecutor, ScriptedController, task
from tests.simulators.slack import Channel, Person, Simulator
from tests.simulators.slack.world import IM

pytestmark = pytest.mark.anyio


async def test_a_command_is_shown_and_answered_below(slack: Simulator, ada: Person, room: Channel) -> None:
    """Only who asked reads that it was heard; everybody sees what was asked, and the answer in its thread."""
    controller = ScriptedController([task(0, text="tea")])
    async with House(slack, controller).open():
        act = await ada.command(room, COMMAND, "make &lt;tea&gt; for <!channel>")
        (answer,) = await slack.until(lambda: answered(slack, room))
        follow = await ada.say(room, "more", thread=answer)
        await slack.until(lambda: answered(slack, room, 2))
    assert act.private
    assert "thread below" in act.said
    root = slack.said(room)[0]
    assert answer.thread_ts == root.ts == follow.thread_ts
    assert "make" in root.shown
    assert "&lt;tea&gt;" in root.text
    assert controller.briefs[0].text == "make <tea> for @channel"


async def test_where_we_are_not_it_is_answered_directly(slack: Simulator, ada: Person) -> None:
    """In a channel without the bot the answer comes in the direct conversation, and a sentence says so."""
    elsewhere = slack.channel("elsewhere", ada, bot=False)
    async with House(slack).open():
        act = await ada.command(elsewhere, COMMAND, "make tea")
        await slack.until(lambda: answered(slack, ada.dm))
    assert "/invite" in act.said
    assert not slack.said(elsewhere)


async def test_nobody_is_asked_to_invite_us_between_two_people(slack: Simulator, ada: Person) -> None:
    """To a direct conversation nobody can be invited, so the sentence does not say so."""
    between = slack.channel("", ada, kind=IM, bot=False)
    async with House(slack).open():
        act = await ada.command(between, COMMAND, "make tea")
        await slack.until(lambda: answered(slack, ada.dm))
    assert "in ours" in act.said
    assert "/invite" not in act.said


@pytest.mark.parametrize(
    ("word", "told"),
    [("", "For example"), ("help", "For example"), ("usage", "You asked me"), ("status", "Nothing waits")],
)
async def test_a_single_word_asks_about_us(slack: Simulator, ada: Person, room: Channel, word: str, told: str) -> None:
    """Help, usage and status are told in private, and ask no model."""
    async with House(slack).open():
        act = await ada.command(room, COMMAND, word)
    assert act.private
    assert told in act.said
    assert not slack.said(room)


async def test_who_is_turned_away_reads_why_in_private(slack: Simulator, ada: Person, room: Channel) -> None:
    """What is too long is told to who asked, and nothing stays in the channel."""
    async with House(slack).open():
        act = await ada.command(room, COMMAND, "x" * 3_500)
        await slack.until(lambda: not slack.said(room))
    assert "characters" in act.said
    assert act.private


async def test_my_data_and_forget_me(slack: Simulator, ada: Person, room: Channel) -> None:
    """All that is kept comes as a file in the direct conversation; then it is gone."""
    async with House(slack).open():
        await ada.say(room, f"{slack.mention} make tea")
        await slack.until(lambda: answered(slack, room))
        await ada.command(room, COMMAND, "my-data")
        (sent,) = await slack.until(lambda: [one for one in slack.said(ada.dm) if one.files])
        kept = json.loads(sent.files[0].data)
        await ada.command(room, COMMAND, "forget-me")
        await slack.until(lambda: any("I forgot" in one.shown for one in slack.said(room, private=True)))
        act = await ada.command(room, COMMAND, "usage")
    assert "make tea" in json.dumps(kept)
    assert "0 times" in act.said


async def test_the_doctor_names_what_is_missing(slack: Simulator, ada: Person, room: Channel) -> None:
    """Scopes, sockets, upload, and whether we are in the channel."""
    slack.scopes("files:write")
    async with House(slack).open():
        await ada.say(room, f"{slack.mention} make tea")
        await slack.until(lambda: answered(slack, room))
        await ada.command(room, COMMAND, "doctor")
        (_, told) = await slack.until(lambda: slack.said(room, private=True)[1:] and slack.said(room, private=True))
    assert "I lack these scopes: files:write" in told.shown
    assert "cannot send files: missing_scope" in told.shown
    assert "follow-ups in my threads" in told.shown
    assert "These events have reached me since I began: app_mention, message.channels" in told.shown
    assert "Not yet: message.groups, message.im, message.mpim" in told.shown


async def test_a_message_is_asked_about_over_restarts(slack: Simulator, ada: Person, room: Channel) -> None:
    """The form knows its message in another life, files and all; the answer comes in the message's thread."""
    controller = ScriptedController([task(0, "look", image="<attachment-0>")])
    house = House(slack, controller)
    shown = await ada.say(room, "my cat", [("cat.png", b"\x89PNG\r\n\x1a\ncat")])
    async with house.open():
        act = await ada.shortcut(SHORTCUT, shown)
        assert act.view
        assert act.view.body["callback_id"] == ASK
    async with house.open():
        await ada.submit(act.view, {"text": "what is this?"})
        (answer,) = await slack.until(lambda: answered(slack, room))
    assert answer.thread_ts == shown.ts
    assert controller.briefs[0].text == "what is this?"
    assert [file.name for file in controller.briefs[0].artifacts.values()] == ["cat.png"]


async def test_words_are_asked_about(slack: Simulator, ada: Person, room: Channel) -> None:
    """A message without files gives its words, names and all; a form that says nothing is refused in the form."""
    controller = ScriptedController([task(0)])
    async with House(slack, controller).open():
        said = await ada.say(room, "I love <you> & me")
        act = await ada.shortcut(SHORTCUT, said)
        assert act.view
        await ada.submit(act.view, {"text": "say it in Tamil"})
        await slack.until(lambda: answered(slack, room))
    assert controller.briefs[0].text == "say it in Tamil\n\nI love <you> & me"


async def test_the_home_page_shows_how_we_are(slack: Simulator, ada: Person) -> None:
    """Opened, it tells status, usage and examples; the conversation offers up to four of these."""
    async with House(slack).open():
        await ada.open_home()
        await slack.until(lambda: ada.home and "You asked me" in ada.home.shown)
        await ada.open_home("messages")
        await slack.until(lambda: [one for one in slack.web.calls if one[1] == "assistant.threads.setSuggestedPrompts"])
    assert ada.home
    assert re.search("For example", ada.home.shown)
    assert not slack.web.refusals


async def test_slacks_own_stop_stops(slack: Simulator, ada: Person, room: Channel) -> None:
    """Who asked presses Slack's Stop: the work ends, down to the job."""
    executor = FunctionExecutor(seconds=30)
    async with House(slack, executor=executor).open():
        asked = await ada.say(room, f"{slack.mention} make tea")
        await slack.until(lambda: executor.ran and slack.agents.sessions)
        await ada.stop(room, asked.ts)
        await slack.until(lambda: executor.cancelled)

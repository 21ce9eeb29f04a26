"""Where Slack lets us write nothing, nobody waits in vain: a sign, a sentence, the page and the doctor tell why."""

from __future__ import annotations

import pytest

from tests.adapters.slack.house import House
from tests.adapters.slack.look import answered
from tests.fakes import FunctionExecutor, ScriptedController, task
from tests.simulators.slack import Channel, Person, Simulator

pytestmark = pytest.mark.anyio


async def test_without_the_scope_to_write_there_are_signs(slack: Simulator, ada: Person, room: Channel) -> None:
    """Who asks sees a sign, our page and the commands say what is missing; once it is mended, the answer comes."""
    executor = FunctionExecutor(seconds=60)
    scopes = slack.token.scopes
    async with House(slack, ScriptedController([task(0)]), executor).open():
        slack.scopes("chat:write")
        asked = await ada.say(room, f"{slack.mention} hello")
        await slack.until(lambda: "no_entry_sign" in asked.reactions)
        await ada.open_home()
        await slack.until(lambda: ada.home and "I lack these scopes: chat:write." in str(ada.home.blocks))
        act = await ada.command(room, "/jarvis", "doctor")
        await slack.until(lambda: any("I lack these scopes: chat:write." in one.shown for one in act.answers))
        act = await ada.command(room, "/jarvis", "what is this?")
        assert "the app lacks the scope chat:write" in act.answers[0].shown
        empty = await ada.say(room, slack.mention)
        await slack.until(lambda: "no_entry_sign" in empty.reactions)
        assert not slack.said()
        await slack.until(lambda: executor.ran)
        slack.token.scopes = scopes
        await ada.say(room, f"{slack.mention} !stop", thread=asked)
        await slack.until(lambda: any("Stopped." in one.shown for one in slack.said(room)))


async def test_where_neither_channel_nor_person_can_be_written_to_there_is_a_sentence(
    slack: Simulator, ada: Person, room: Channel
) -> None:
    """Who asks alone reads it, and the request is over: nothing is tried again and again."""
    slack.web.errors |= {"chat.postMessage": "restricted_action", "conversations.open": "cannot_dm_bot"}
    async with House(slack, ScriptedController([task(0)])).open():
        await ada.say(room, f"{slack.mention} hello")
        (told, *_) = await slack.until(lambda: slack.said(room, private=True))
        assert told.shown.startswith("Slack does not let me write here (cannot_dm_bot).")
        await slack.until(lambda: len(slack.said(room, private=True)) == 2)  # at its end it is tried once more
        slack.web.errors.clear()
        await ada.say(room, f"{slack.mention} hello again")
        await slack.until(lambda: answered(slack, room))
    assert len(answered(slack, room)) == 1

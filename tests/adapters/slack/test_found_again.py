"""Another process goes on where one ended in Slack: nothing is there twice, and nothing is lost."""

from __future__ import annotations

from contextlib import suppress

import pytest
from slack_sdk.errors import SlackApiError

from adapters.slack.ours import about_of
from core.errors import Away
from core.events import Answered, Said, fold
from tests.adapters.slack.talk import STREAMS, Talk, done, step, the_answer, watched

pytestmark = pytest.mark.anyio


async def test_another_process_finds_the_card(talk: Talk) -> None:
    """Whoever opens a request again gets the message that is there."""
    asked = await talk.asked()
    first = await talk.mouth().open(asked)
    assert await talk.mouth().open(asked) == first
    assert len(talk.said(asked)) == 1


async def test_another_process_goes_on_with_a_stream(talk: Talk) -> None:
    """A stream that a crash left behind becomes the answer: there is no second one, and none without an end."""
    asked = await talk.asked()
    handle = await watched(talk.mouth(), asked, [*step(), Said("One ")])
    later = talk.mouth()
    await later.show(asked, handle, fold([*step(), Said("One two ")]))
    assert "One two" in talk.said(asked)[-1].shown
    await later.finish(asked, handle, fold([*step(), done(), Answered("One two three.")]))
    assert "One two three." in the_answer(talk, asked).shown


async def test_plain_talk_is_found_as_well(talk: Talk) -> None:
    """Also a stream that names no step."""
    asked = await talk.asked()
    handle = await watched(talk.mouth(), asked, [Said("Good morning to ")])
    await talk.mouth().finish(asked, handle, fold([Answered("Good morning to you.")]))
    assert "Good morning to you." in the_answer(talk, asked).shown


async def test_requests_of_one_thread_keep_apart(talk: Talk) -> None:
    """What one left behind is not taken for another's."""
    asked = await talk.asked()
    root = talk.room.messages[asked.origin.message]
    handle = await watched(talk.mouth(), asked, [*step(), Said("One ")])
    other = await talk.asked("and this?", root=root)
    mouth = talk.mouth()
    await mouth.finish(other, await mouth.open(other), fold([Answered("Two.")]))
    await talk.mouth().finish(asked, handle, fold([*step(), done(), Answered("One.")]))
    said = [about_of(one.json()) for one in talk.said(asked)]
    assert len(said) == 2
    assert set(said) == {(asked.id, "0"), (other.id, "0")}


@pytest.mark.parametrize(
    "method", ["chat.postMessage", STREAMS, "chat.appendStream", "chat.stopStream", "files.completeUploadExternal"]
)
async def test_whatever_answer_of_slack_is_lost_nothing_is_there_twice(talk: Talk, method: str) -> None:
    """A call may have been done although nobody heard so: trying again finds what it did."""
    mouth, asked, file = talk.mouth(), await talk.asked(), await talk.file()
    way = [*step(), Said("One "), Said("two "), done(audio=file)]
    over = fold([*way, Answered("One two three.", (file,))])
    talk.slack.web.lost[method] = 1
    for _ in range(3):
        with suppress(Exception):  # the worker tries again, whatever it is
            await mouth.finish(asked, await watched(mouth, asked, way), over)
            break
    await talk.slack.until(lambda: len([one for one in talk.said(asked) if one.files]) == 1)
    words = [one for one in talk.said(asked) if not one.files]
    assert [about_of(one.json()) for one in words] == [(asked.id, "0")]
    assert "One two three." in words[0].shown


async def test_a_slack_in_trouble_is_waited_for(talk: Talk) -> None:
    """Where Slack fails nothing is wrong with the request; what it refuses is told apart from that."""
    mouth, asked = talk.mouth(), await talk.asked()
    talk.slack.web.broken["chat.postMessage"] = [503]
    with pytest.raises(Away):
        await mouth.open(asked)
    handle = await mouth.open(asked)
    talk.slack.web.errors["chat.update"] = "internal_error"
    with pytest.raises(Away):
        await mouth.finish(asked, handle, fold([Answered("Here.")]))
    talk.slack.web.errors["chat.update"] = "not_allowed_token_type"
    with pytest.raises(SlackApiError):
        await mouth.finish(asked, handle, fold([Answered("Here.")]))
    talk.slack.web.errors.clear()
    await mouth.finish(asked, handle, fold([Answered("Here.")]))
    assert "Here." in the_answer(talk, asked).shown


async def test_ending_twice_is_ending_once(talk: Talk) -> None:
    """Also with files, and though Slack takes its time to show them."""
    talk.slack.files.seconds = 0.3
    asked, file = await talk.asked(), await talk.file()
    over = fold([*step(), done(audio=file), Answered("Here.", (file,))])
    mouth = talk.mouth()
    handle = await mouth.open(asked)
    last = await mouth.finish(asked, handle, over)
    assert await talk.mouth().finish(asked, handle, over) == last
    await talk.slack.until(lambda: len(talk.said(asked)) == 2)
    assert len(talk.calls("files.completeUploadExternal")) == 1


async def test_a_message_that_somebody_deleted_is_posted_again(talk: Talk) -> None:
    """An answer that is not over cannot be lost."""
    talk.slack.without(STREAMS)
    mouth, asked = talk.mouth(), await talk.asked()
    handle = await watched(mouth, asked, step())
    (card,) = talk.said(asked)
    talk.slack.post.delete(card)
    await mouth.show(asked, handle, fold([*step(), Said("One ")]))
    await mouth.finish(asked, handle, fold([*step(), done(), Answered("One.")]))
    assert "One." in the_answer(talk, asked).shown

"""A stream in Slack while it grows, and what takes its place where there is none."""

from __future__ import annotations

import pytest

from adapters.slack import aloud, stream
from adapters.slack.keeper import Keeper
from core.events import Answered, Said, fold
from tests.adapters.slack.talk import STREAMS, Talk, done, step, the_answer, watched
from tests.simulators.slack import blocks as rules

pytestmark = pytest.mark.anyio


async def test_plan_and_answer_grow_in_one_message(talk: Talk) -> None:
    """Steps change as they run, words follow, and at the end one message stands there with everything below it."""
    mouth, asked = talk.mouth(), await talk.asked()
    way = [*step(), done(), Said("It says "), Said("hello "), Said("to you.")]
    handle = await watched(mouth, asked, way)
    live = talk.said(asked)[-1]
    assert live.stream
    assert live.stream.live
    assert live.stream.tasks[f"{asked.id}-0"]["status"] == "complete"
    assert live.stream.markdown == "It says hello to "
    assert live.stream.mode == "plan"
    await mouth.finish(asked, handle, fold([*way, Answered("It says hello to you.")]))
    answer = the_answer(talk, asked)
    assert [block["type"] for block in answer.blocks] == ["plan", "markdown", "context", "context_actions", "actions"]
    assert answer.blocks[1]["text"] == "It says hello to you."
    assert "espeak-ng" in answer.blocks[2]["elements"][0]["text"]
    assert answer.element("🔁 Again")["value"].startswith("jarvis/again/")
    assert answer.element("Another model")
    assert answer.element("Details")
    assert talk.slack.web.refusals == []


async def test_no_piece_of_a_stream_begins_with_a_blank(talk: Talk) -> None:
    """Slack drops blanks where pieces meet, so paragraphs stay apart only if no piece begins with one."""
    mouth, asked = talk.mouth(), await talk.asked()
    text = "# Title\n\nOne  two.\n\n- three\n- four\n\n```python\ndef f():\n\n    return 1\n```\n\nThe end."
    way = [Said(letter) for letter in text]
    handle = await watched(mouth, asked, way)
    await mouth.finish(asked, handle, fold([*way, Answered(text)]))
    pieces = [
        chunk
        for name in (STREAMS, "chat.appendStream", "chat.stopStream")
        for call in talk.calls(name)
        for chunk in call.get("chunks") or ()
    ]
    texts = [chunk["text"] for chunk in pieces if chunk["type"] == "markdown_text"]
    assert "".join(texts) == text
    assert not any(one[0].isspace() for one in texts)


async def test_an_answer_in_other_words_than_were_streamed_replaces_them(talk: Talk) -> None:
    """What was said on the way may be taken back."""
    mouth, asked = talk.mouth(), await talk.asked()
    handle = await watched(mouth, asked, [Said("I think that it is a dog, ")])
    await mouth.finish(asked, handle, fold([Answered("It is a cat.")]))
    assert the_answer(talk, asked).shown.startswith("It is a cat.")


async def test_a_stream_is_left_before_slack_ends_it(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    """After four minutes the message is changed instead, and nothing is lost."""
    mouth, asked = talk.mouth(), await talk.asked()
    way = [*step(), Said("One "), Said("two ")]
    handle = await watched(mouth, asked, way)
    monkeypatch.setattr(stream, "LIFE_SECONDS", 0.0)
    way += [Said("three "), Said("four ")]
    await mouth.show(asked, handle, fold(way))
    (stopped,) = talk.calls("chat.stopStream")
    assert stopped["session_status"] == "processing"
    assert "One two three four" in talk.said(asked)[-1].shown
    await mouth.finish(asked, handle, fold([*way, done(), Answered("One two three four five.")]))
    assert "One two three four five." in the_answer(talk, asked).shown


async def test_a_stream_that_nobody_feeds_is_left_in_time(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A long task tells nothing: the stream ends without any news, and the status is told again."""
    monkeypatch.setattr(aloud, "STATUS_SECONDS", 0.0)
    mouth, asked = talk.mouth(keeper=Keeper(0.02)), await talk.asked()
    await watched(mouth, asked, step())
    monkeypatch.setattr(stream, "LIFE_SECONDS", 0.0)
    await talk.slack.until(lambda: talk.calls("chat.stopStream"))
    told = len(talk.calls("agents.sessions.setStatus"))
    await talk.slack.until(lambda: len(talk.calls("agents.sessions.setStatus")) > told + 1)


async def test_a_stream_that_slack_ended_loses_nothing(talk: Talk) -> None:
    """Slack may end one at any time; its message then shows what was not sent, too."""
    mouth, asked = talk.mouth(), await talk.asked()
    way = [*step(), Said("One ")]
    handle = await watched(mouth, asked, [*way, Said("two ")])
    talk.slack.streams.life = 0.0
    await mouth.show(asked, handle, fold([*way, Said("two three ")]))
    assert "One two three" in talk.said(asked)[-1].shown
    await mouth.finish(asked, handle, fold([*way, done(), Answered("One two three four.")]))
    assert "One two three four." in the_answer(talk, asked).shown


async def test_a_stream_that_ended_unseen_is_set_right_at_the_end(talk: Talk) -> None:
    """The end finds out, and writes the whole answer."""
    mouth, asked = talk.mouth(), await talk.asked()
    handle = await watched(mouth, asked, [*step(), Said("One ")])
    talk.slack.streams.life = 0.0
    await mouth.finish(asked, handle, fold([*step(), done(), Answered("One two.")]))
    answer = the_answer(talk, asked)
    assert [block["type"] for block in answer.blocks] == ["plan", "markdown", "context", "context_actions", "actions"]


# ---------------------------------------------------------------- without streams


@pytest.mark.parametrize("error", ["unknown_method", "missing_scope", "method_not_supported_for_channel_type"])
async def test_without_streams_the_card_shows_everything(talk: Talk, error: str) -> None:
    """Where a workspace has none, one message is changed as events come and becomes the answer; it is asked once."""
    talk.slack.web.errors[STREAMS] = error
    mouth = talk.mouth()
    for _ in range(2):
        asked = await talk.asked()
        way = [*step(), Said("One "), done()]
        handle = await watched(mouth, asked, way)
        (card,) = talk.said(asked)
        assert [block["type"] for block in card.blocks] == ["plan", "markdown", "actions"]
        assert card.element("Stop")
        await mouth.finish(asked, handle, fold([*way, Answered("One two.")]))
        assert the_answer(talk, asked).ts == card.ts
        assert "One two." in card.shown
    assert len(talk.calls(STREAMS)) == 1


async def test_where_too_many_streams_begin_the_rest_does_without(talk: Talk) -> None:
    """Slack takes twenty new streams a minute: whoever comes later is answered all the same, at once."""
    talk.slack.web.limits.unlimited = False
    mouth = talk.mouth(faster=1.0)
    for _ in range(4):
        asked = await talk.asked()
        handle = await mouth.open(asked)
        await mouth.show(asked, handle, fold(step()))
        await mouth.finish(asked, handle, fold([*step(), done(), Answered("Here.")]))
        assert "Here." in the_answer(talk, asked).shown
    assert 1 <= len(talk.calls(STREAMS)) < 4
    assert not talk.slack.web.limits.refused.total()


async def test_a_workspace_without_the_newer_blocks_gets_plainer_ones(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Plans become lines and the pair for feedback two buttons; it is tried again only after an hour."""
    known = rules.WHERE["message"] - {"plan", "context_actions", "task_card"}
    monkeypatch.setitem(rules.WHERE, "message", known)
    talk.slack.without(STREAMS)
    mouth, asked = talk.mouth(), await talk.asked()
    handle = await watched(mouth, asked, [*step(), done()])
    await mouth.finish(asked, handle, fold([*step(), done(), Answered("Here.")]))
    answer = the_answer(talk, asked)
    assert [block["type"] for block in answer.blocks] == ["markdown", "context", "actions"]
    assert answer.element("👍")["value"].startswith("jarvis/up/")
    assert len([one for _, one in talk.slack.web.refusals if one.error == "invalid_blocks"]) == 1


async def test_even_markdown_may_be_unknown(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then the answer stands there in the few marks that Slack has always known."""
    monkeypatch.setitem(rules.WHERE, "message", frozenset({"section", "context", "actions"}))
    mouth, asked = talk.mouth(), await talk.asked()
    await mouth.finish(asked, await mouth.open(asked), fold([Answered("It is **a & b**: [so](https://a.example)")]))
    answer = the_answer(talk, asked)
    assert answer.blocks[0]["text"]["text"] == "It is *a &amp; b*: <https://a.example|so>"
    assert answer.text == answer.blocks[0]["text"]["text"]


async def test_a_direct_conversation_is_streamed_as_well(talk: Talk) -> None:
    """Below what was asked there."""
    talk.room = talk.ada.dm
    mouth, asked = talk.mouth(), await talk.asked()
    handle = await watched(mouth, asked, [*step(), Said("One ")])
    await mouth.finish(asked, handle, fold([*step(), done(), Answered("One two.")]))
    assert "One two." in the_answer(talk, asked).shown
    assert len(talk.calls(STREAMS)) == 1
    assert talk.slack.web.refusals == []

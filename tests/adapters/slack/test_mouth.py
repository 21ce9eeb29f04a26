"""What people see of an answer in Slack, whatever Slack does meanwhile."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

import anyio
import pytest
from slack_sdk.errors import SlackApiError

from adapters.press import Verb
from adapters.slack import aloud, stream
from adapters.slack.keeper import Keeper
from adapters.slack.ours import about_of
from adapters.slack.takeback import take_back
from core.errors import Away
from core.events import Answered, Approved, Cancelled, Failed, Held, Refused, Said, Waiting, fold
from core.types import Request
from tests.adapters.slack.talk import Talk, done, step, talking, watched
from tests.simulators.slack import blocks as rules
from tests.simulators.slack.world import Message

if TYPE_CHECKING:
    from adapters.concierge import Concierge

pytestmark = pytest.mark.anyio

STREAMS = "chat.startStream"


@pytest.fixture
async def talk() -> AsyncIterator[Talk]:
    """Somebody who asks."""
    async with talking() as made:
        yield made


def the_answer(talk: Talk, request: Request) -> Message:
    """Return the one message that stands in the thread at the end."""
    (only,) = talk.said(request)
    assert about_of(only.json()) == (request.id, "0")
    return only


# ---------------------------------------------------------------- streams


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


# ---------------------------------------------------------------- found again


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
    talk.slack.web.errors["chat.update"] = "missing_scope"
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


# ---------------------------------------------------------------- limits


async def test_a_slow_slack_is_waited_for(talk: Talk) -> None:
    """Where it says "later", it is later; no answer is lost, and no call repeated before it may be."""
    limits = talk.slack.web.limits
    mouth, asked = talk.mouth(), await talk.asked()
    handle = await mouth.open(asked)
    limits.storm.add("chat.update")

    async def finish() -> None:
        await mouth.finish(asked, handle, fold([Answered("Here.")]))

    async with anyio.create_task_group() as group:
        group.start_soon(finish)
        await talk.slack.until(lambda: limits.refused["chat.update"])
        assert limits.refused["chat.update"] == 1
        limits.storm.clear()
    assert "Here." in the_answer(talk, asked).shown
    times = [at for at, name, _ in talk.slack.web.calls if name == "chat.update"]
    assert times[1] - times[0] >= 1.0


async def test_a_long_answer_comes_in_pieces_and_in_order(talk: Talk) -> None:
    """Every word is there, in messages that Slack takes."""
    mouth, asked = talk.mouth(), await talk.asked()
    text = "\n\n".join(f"Paragraph {number} has some words in it. " * 10 for number in range(80)).strip()
    way = [*step(), Said(text[:500]), Said(text[500:])]
    handle = await watched(mouth, asked, way)
    last = await mouth.finish(asked, handle, fold([*way, done(), Answered(text)]))
    said = talk.said(asked)
    assert len(said) > 2
    texts = [block["text"] for one in said for block in one.blocks if block["type"] == "markdown"]
    assert "".join("".join(texts).split()) == "".join(text.split())
    assert last.endswith(said[-1].ts)
    assert said[-1].element("🔁 Again")
    assert talk.slack.web.refusals == []


async def test_a_longer_one_comes_as_a_file_too(talk: Talk) -> None:
    """The last message says so."""
    mouth, asked = talk.mouth(), await talk.asked()
    text = "word " * 12_000
    await mouth.finish(asked, await mouth.open(asked), fold([Answered(text)]))
    await talk.slack.until(lambda: any(one.files for one in talk.said(asked)))
    (file,) = [file for one in talk.said(asked) for file in one.files]
    assert (file.name, file.data.decode()) == ("answer.md", text.strip())
    assert any("answer.md" in one.shown for one in talk.said(asked) if not one.files)


# ---------------------------------------------------------------- files


async def test_files_stand_together_with_words_for_who_cannot_see_them(talk: Talk) -> None:
    """One message has them all, with titles and what they are."""
    mouth, asked = talk.mouth(), await talk.asked()
    files = [await talk.file(), await talk.file("song.wav", b"RIFF+" * 300_000)]
    happened = [*step(), done(audio=files[0], more=files[1]), Answered("Here.", tuple(files))]
    await mouth.finish(asked, await mouth.open(asked), fold(happened))
    await talk.slack.until(lambda: any(one.files for one in talk.said(asked)))
    (shared,) = [one for one in talk.said(asked) if one.files]
    assert [(file.name, file.alt) for file in shared.files] == [
        ("speech.wav", "text-to-speech: Hello"),
        ("song.wav", "text-to-speech: Hello"),
    ]
    assert shared.files[1].data == b"RIFF+" * 300_000


async def test_where_files_are_not_allowed_the_answer_says_so(talk: Talk) -> None:
    """The words come all the same, with a sentence about the missing scope."""
    talk.slack.scopes("files:write")
    mouth, asked, file = talk.mouth(), await talk.asked(), await talk.file()
    await mouth.finish(asked, await mouth.open(asked), fold([*step(), done(audio=file), Answered("Here.", (file,))]))
    assert "Here." in the_answer(talk, asked).shown
    assert "files:write" in the_answer(talk, asked).shown


async def test_an_answer_is_taken_back_with_its_files(talk: Talk) -> None:
    """Nothing of it stays, in the thread or at the file host; what else stands in the thread does."""
    mouth, asked, file = talk.mouth(), await talk.asked(), await talk.file()
    other = await talk.asked("and this?", root=talk.room.messages[asked.origin.message])
    for request in (asked, other):
        over = fold([*step(), done(audio=file), Answered("word " * 3_000, (file,))])
        await mouth.finish(request, await mouth.open(request), over)
    await talk.slack.until(lambda: len([one for one in talk.said(asked) if one.files]) == 2)

    class Desk:
        async def request(self, number: str) -> Request:
            return {asked.id: asked, other.id: other}[number]

    await take_back(talk.lines[0], cast("Concierge", Desk()), asked.id)
    left = talk.said(asked)
    assert {about[0] for one in left if (about := about_of(one.json()))} == {other.id}
    assert [file.deleted for one in left for file in one.files] == [False]
    assert sorted(file.deleted for file in talk.slack.world.files.values()) == [False, True]


async def test_where_files_are_not_allowed_a_long_answer_comes_in_messages(talk: Talk) -> None:
    """Not a word of it is lost."""
    talk.slack.scopes("files:write")
    mouth, asked = talk.mouth(), await talk.asked()
    text = " ".join(f"word{number}" for number in range(8_000))
    await mouth.finish(asked, await mouth.open(asked), fold([Answered(text)]))
    said = "\n".join(one.shown for one in talk.said(asked))
    assert re.findall(r"word\d+", said) == text.split()
    assert talk.said(asked)[-1].element("🔁 Again")


# ---------------------------------------------------------------- nobody is called

NAMES = ["<!channel>", "<!here>", "<!everyone>", "<!subteam^S0ABC|team>", "@channel", "@here @everyone", "`<!channel>`"]


@pytest.mark.parametrize("streams", [True, False])
async def test_nobody_is_called_whatever_a_model_or_a_file_says(talk: Talk, streams: bool) -> None:
    """Mentions are broken in answers, plans, problems, names and files, streamed or not."""
    if not streams:
        talk.slack.without(STREAMS)
    mouth = talk.mouth()
    for name in [*NAMES, f"<@{talk.ada.user.id}>", f"```\n<@{talk.ada.user.id}>\n```"]:
        asked = await talk.asked()
        file = await talk.file(f"{name}.wav".replace("/", ""))
        text = f"He said {name} to {name} all"
        way: list[Any] = [
            Refused(0, name, f"{name} is not read."),
            *step(model=f"a/{name}"),
            *step(1, kind="image-to-text"),
            done(audio=file, text=name, model=f"a/{name}"),
            Failed(1, name),
            *(Said(part) for part in (text if streams else [text])),
        ]
        handle = await watched(mouth, asked, way)
        await mouth.finish(asked, handle, fold([*way, Answered(text, (file,))]))
        stopped = await talk.asked()
        await mouth.finish(stopped, await mouth.open(stopped), fold([*step(), Said(name), Cancelled(name)]))
        held = await talk.asked()
        await watched(mouth, held, [*step(), Held(f"{name}?")])
    said = [one for one in talk.room.messages.values() if one.author.bot]
    assert len(said) > 20
    assert {one.ts: one.notified for one in said if one.notified} == {}
    assert not any(call.get("link_names") for call in talk.calls("chat.postMessage") + talk.calls("chat.update"))


# ---------------------------------------------------------------- what is going on


async def test_an_agents_session_shows_who_is_at_work(talk: Talk) -> None:
    """It is at work from the first sign to the end, and has a title."""
    mouth, asked = talk.mouth(), await talk.asked("What is this?")
    handle = await mouth.open(asked)
    session = talk.slack.agents.sessions[talk.room.id, asked.origin.conversation]
    assert (session.status, session.title) == ("processing", "What is this?")
    await mouth.finish(asked, handle, fold([Answered("A cat.")]))
    assert session.status == "active"


async def test_where_there_are_no_sessions_the_thread_has_a_status(talk: Talk) -> None:
    """It is cleared at the end; what a workspace lacks is asked for once."""
    talk.slack.without("agents.sessions.setStatus")
    mouth = talk.mouth()
    for _ in range(2):
        asked = await talk.asked()
        handle = await mouth.open(asked)
        assert talk.slack.agents.status(talk.room, asked.origin.conversation)
        await mouth.finish(asked, handle, fold([Answered("A cat.")]))
        assert not talk.slack.agents.status(talk.room, asked.origin.conversation)
    assert len(talk.calls("agents.sessions.setStatus")) == 1


async def test_an_app_that_is_no_agent_has_no_sessions(talk: Talk) -> None:
    """It is asked for once; the thread's status serves as well, and says who goes first."""
    talk.slack.app.agent = False
    mouth = talk.mouth()
    for _ in range(2):
        asked = await talk.asked()
        handle = await mouth.open(asked)
        await mouth.show(asked, handle, fold([Waiting(2, 30.0)]))
        assert "2 before you" in talk.slack.agents.status(talk.room, asked.origin.conversation)
        await mouth.finish(asked, handle, fold([Answered("A cat.")]))
    assert len(talk.calls("agents.sessions.setStatus")) == 1


async def test_a_direct_conversation_is_streamed_as_well(talk: Talk) -> None:
    """Below what was asked there."""
    talk.room = talk.ada.dm
    mouth, asked = talk.mouth(), await talk.asked()
    handle = await watched(mouth, asked, [*step(), Said("One ")])
    await mouth.finish(asked, handle, fold([*step(), done(), Answered("One two.")]))
    assert "One two." in the_answer(talk, asked).shown
    assert len(talk.calls(STREAMS)) == 1
    assert talk.slack.web.refusals == []


async def test_without_any_status_there_is_the_card(talk: Talk) -> None:
    """A workspace that shows none is answered as any other."""
    talk.slack.without("agents.sessions.setStatus", "assistant.threads.setStatus")
    mouth, asked = talk.mouth(), await talk.asked()
    handle = await mouth.open(asked)
    await mouth.show(asked, handle, fold([Waiting(2, 30.0)]))
    assert "2 before you, about 30 s" in talk.said(asked)[0].shown
    await mouth.finish(asked, handle, fold([Answered("A cat.")]))
    assert "A cat." in the_answer(talk, asked).shown


async def test_a_plan_that_is_held_waits_for_a_decision(talk: Talk) -> None:
    """The question stands there with its buttons, nobody is shown to be at work; then it goes on."""
    mouth, asked = talk.mouth(), await talk.asked()
    way = [*step()[:1], Held("This takes 5 minutes. Shall I?", seconds=300.0)]
    handle = await watched(mouth, asked, way)
    card = next(one for one in talk.said(asked) if "Shall I?" in one.shown)
    verbs = [part["value"].split("/")[1] for part in card.parts() if part.get("type") == "button"]
    assert verbs == [Verb.RUN, Verb.CHANGE, Verb.CANCEL]
    session = talk.slack.agents.sessions[talk.room.id, asked.origin.conversation]
    assert session.status == "active"
    way += [Approved("Ada"), *step()[1:], done()]
    await mouth.show(asked, handle, fold(way))
    assert session.status == "processing"
    await mouth.finish(asked, handle, fold([*way, Answered("Here.")]))
    assert "Here." in the_answer(talk, asked).shown


async def test_where_we_may_not_write_the_author_is_told(talk: Talk) -> None:
    """Who asks where the app is not a member gets the answer directly, and only once."""
    asked = await talk.asked()
    del talk.room.members[talk.slack.bot]
    handle = await watched(talk.mouth(), asked, [*step(), Said("One ")])
    assert await talk.mouth().open(asked) == handle
    await talk.mouth().finish(asked, handle, fold([*step(), done(), Answered("One two.")]))
    assert talk.said(asked) == []
    said = talk.slack.said(talk.ada.dm)
    assert ["One two." in one.shown for one in said] == [True]
    assert "This answers “hello”" in said[0].shown

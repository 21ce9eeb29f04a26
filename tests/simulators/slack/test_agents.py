"""The local Slack streams as Slack does, keeps agents' sessions, takes and gives files, and opens views."""

from __future__ import annotations

import time
from typing import Any

import aiohttp
import pytest
from slack_sdk.models.messages.chunk import MarkdownTextChunk, PlanUpdateChunk, TaskUpdateChunk
from slack_sdk.web.async_client import AsyncWebClient

from tests.simulators.slack import Channel, Person, Simulator
from tests.simulators.slack.listener import MODAL, listening, refused

pytestmark = pytest.mark.anyio


def place(slack: Simulator, ada: Person, room: Channel, thread: str) -> dict[str, Any]:
    """Where and for whom something is streamed."""
    who = {"recipient_user_id": ada.user.id, "recipient_team_id": slack.workspace.id}
    return {"channel": room.id, "thread_ts": thread, **who}


async def test_a_plan_is_streamed(slack: Simulator, client: AsyncWebClient, ada: Person, room: Channel) -> None:
    """The library's own streamer writes plan, tasks and answer; what stays is a message with blocks."""
    asked = await ada.say(room, f"{slack.mention} draw")
    where = place(slack, ada, room, asked.ts)
    stream = await client.chat_stream(**where, task_display_mode="plan", buffer_size=1)
    await stream.append(chunks=[PlanUpdateChunk(title="Plan"), TaskUpdateChunk(id="1", title="Draw", status="pending")])
    await stream.append(chunks=[TaskUpdateChunk(id="1", title="Draw", status="complete", output="done")])
    live = slack.said(room, asked)[0]
    assert live.stream
    assert (live.stream.plan, live.stream.tasks["1"]["status"]) == ("Plan", "complete")
    assert await refused(client.chat_update(channel=room.id, ts=live.ts, text="x")) == "streaming_state_conflict"
    await stream.append(chunks=[MarkdownTextChunk(text="**Here** <!channel>")])
    await stream.stop(metadata={"event_type": "x", "event_payload": {}})
    assert [block["type"] for block in live.blocks] == ["plan", "markdown"]
    assert live.notified == {"@channel"}
    await client.chat_update(channel=room.id, ts=live.ts, text="better")
    assert (live.shown, live.blocks) == ("better", [])


async def test_what_a_stream_does_not_take(
    slack: Simulator, client: AsyncWebClient, ada: Person, room: Channel
) -> None:
    """No thread, no recipient, long texts, wrong chunks, two kinds of content; after its life nothing."""
    asked = await ada.say(room, f"{slack.mention} draw")
    where = place(slack, ada, room, asked.ts)
    start, append = client.chat_startStream, client.chat_appendStream
    assert await refused(start(**where | {"thread_ts": ""})) == "invalid_thread_ts"
    assert await refused(start(**where | {"recipient_user_id": None})) == "missing_recipient_user_id"
    assert await refused(start(**where, markdown_text="x" * 12_001)) == "msg_too_long"
    wrong = {"type": "task_update", "id": "1", "title": "x", "status": "done"}
    assert await refused(start(**where, chunks=[wrong])) == "invalid_chunks"
    ts = (await start(**where, markdown_text="hello"))["ts"]
    chunk = {"type": "plan_update", "title": "Plan"}
    assert await refused(append(channel=room.id, ts=ts, chunks=[chunk])) == "streaming_mode_mismatch"
    assert await refused(append(channel=room.id, ts=ts)) == "no_text"
    slack.streams.life = 0
    over = "message_not_in_streaming_state"
    assert await refused(append(channel=room.id, ts=ts, markdown_text="late")) == over
    assert await refused(client.chat_stopStream(channel=room.id, ts=ts)) == over
    assert [one.shown for one in slack.said(room)] == ["hello"]


async def test_sessions_and_the_native_stop(slack: Simulator, ada: Person, room: Channel) -> None:
    """A session at work has a Stop that ends its streams and tells the app; what is not an agent has no sessions."""
    async with listening(slack) as heard:
        asked, client = await ada.say(room, f"{slack.mention} draw"), heard.client
        where = {"channel_id": room.id, "thread_ts": asked.ts}
        told = await client.agents_sessions_setStatus(**where, status="processing", title="Drawing")
        assert (told["status"], told.get("warning")) == ("processing", None)
        ts = (await client.chat_startStream(**place(slack, ada, room, asked.ts), markdown_text="hello"))["ts"]
        await ada.stop(room, asked.ts)
        await slack.until(lambda: heard.events[-1]["type"] == "agent_session_stopped")
        assert heard.events[-1]["streaming_message_ts"] == [ts]
        append = client.chat_appendStream(channel=room.id, ts=ts, markdown_text="more")
        assert await refused(append) == "stopped_by_user"
        await client.agents_sessions_setStatus(**where, status="active")
        with pytest.raises(AssertionError, match="not at work"):
            await ada.stop(room, asked.ts)
        slack.app.events -= {"agent_session_stopped"}
        told = await client.agents_sessions_setStatus(**where, status="processing")
        assert told["warning"] == "missing_agent_session_stopped_event_subscription"
        slack.without("agents.sessions.setStatus")
        assert await refused(client.agents_sessions_setStatus(**where, status="active")) == "unknown_method"


async def test_statuses_fade(slack: Simulator, client: AsyncWebClient, ada: Person) -> None:
    """A status is gone after two minutes, or once something was posted; an agent's prompts belong to no thread."""
    asked = await ada.say(ada.dm, "hello")
    where: dict[str, Any] = {"channel_id": ada.dm.id, "thread_ts": asked.ts}
    await client.assistant_threads_setStatus(**where, status="is thinking...")
    assert slack.agents.status(ada.dm, asked.ts) == "is thinking..."
    await client.chat_postMessage(channel=ada.dm.id, thread_ts=asked.ts, text="hi")
    assert slack.agents.status(ada.dm, asked.ts) == ""
    await client.assistant_threads_setStatus(**where, status="is drawing...")
    slack.agents.statuses[ada.dm.id, asked.ts].at = time.time() - 121
    assert slack.agents.status(ada.dm, asked.ts) == ""
    prompts = [{"title": "Draw", "message": "Draw a cat"}]
    await client.assistant_threads_setSuggestedPrompts(**where, prompts=prompts)
    assert not slack.agents.prompts
    await client.assistant_threads_setSuggestedPrompts(channel_id=ada.dm.id, prompts=prompts)
    assert slack.agents.prompts[ada.dm.id, ""] == prompts
    too_many = client.assistant_threads_setSuggestedPrompts(channel_id=ada.dm.id, prompts=prompts * 5)
    assert await refused(too_many) == "invalid_arguments"


async def test_files_are_uploaded_together(
    slack: Simulator, client: AsyncWebClient, ada: Person, room: Channel
) -> None:
    """The library's three steps bring one message with several files, a moment later, in the thread."""
    asked = await ada.say(room, "draw")
    uploads = [{"filename": f"{number}.png", "file": b"png", "title": "A cat"} for number in range(2)]
    await client.files_upload_v2(file_uploads=uploads, channel=room.id, thread_ts=asked.ts, initial_comment="Here")
    alone = await client.files_upload_v2(filename="c.txt", content="words", alt_txt="Words")
    [shared] = await slack.until(lambda: slack.said(room, asked))
    assert [file.name for file in shared.files] == ["0.png", "1.png"]
    assert (shared.text, shared.subtype) == ("Here", "file_share")
    told = (await client.files_info(file=alone["file"]["id"]))["file"]
    assert (told["alt_txt"], told["shares"]) == ("Words", {})
    late = client.files_completeUploadExternal(files=[{"id": told["id"], "title": "x"}], channel_id=room.id)
    assert await refused(late) == "file_not_found"
    assert await refused(client.api_call("files.upload")) == "method_deprecated"
    endless = client.files_getUploadURLExternal(filename="x", length=1, alt_txt="x" * 1001)
    assert await refused(endless) == "alt_txt_too_large"


async def test_files_are_given_to_who_may_have_them(slack: Simulator, ada: Person, room: Channel) -> None:
    """With a token bytes, without one a page in HTML; nothing before Slack has worked on them."""
    soon = ada.file("b.png", b"later", seconds=0.3)
    asked = await ada.say(room, "look", [("a.png", b"bytes"), soon])
    header = {"Authorization": f"Bearer {slack.bot_token}"}
    async with aiohttp.ClientSession() as session:

        async def load(url: str, headers: dict[str, str]) -> tuple[int, bytes]:
            async with session.get(url, headers=headers) as answer:
                return answer.status, await answer.read()

        url = asked.files[0].json()["url_private_download"]
        assert await load(url, header) == (200, b"bytes")
        assert b"<html>" in (await load(url, {}))[1]
        assert (await load(soon.url, header))[0] == 404
        await slack.until(lambda: soon.ready)
        assert await load(soon.url, header) == (200, b"later")


async def test_views_open_once_and_change_in_order(slack: Simulator, ada: Person, room: Channel) -> None:
    """A trigger works once, for three seconds; a home that was changed meanwhile is not overwritten."""
    async with listening(slack) as heard:
        asked, client = await ada.say(room, "hello"), heard.client
        act = await ada.shortcut("ask", asked)
        await slack.until(lambda: act.view)
        assert await refused(client.views_open(trigger_id=act.trigger, view=MODAL)) == "exchanged_trigger_id"
        await ada.command(room, "/jarvis")
        act = next(reversed(slack.desk.acts.values()))
        act.at -= 4
        assert await refused(client.views_open(trigger_id=act.trigger, view=MODAL)) == "expired_trigger_id"
        home = {"type": "home", "blocks": [{"type": "divider"}]}
        first = await client.views_publish(user_id=ada.user.id, view=home)
        await client.views_publish(user_id=ada.user.id, view=home, hash=first["view"]["hash"])
        again = client.views_publish(user_id=ada.user.id, view=home, hash=first["view"]["hash"])
        assert await refused(again) == "hash_conflict"

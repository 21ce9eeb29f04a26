"""The local Slack is as the real libraries expect Slack: Socket Mode, messages, threads, commands, buttons, views."""

from __future__ import annotations

import pytest
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.simulators.slack import Channel, Person, Simulator
from tests.simulators.slack.listener import listening

pytestmark = pytest.mark.anyio

BUTTON = {"type": "button", "text": {"type": "plain_text", "text": "Go"}, "action_id": "go", "value": "7"}


async def test_a_mention_comes_as_two_events(slack: Simulator, ada: Person, room: Channel) -> None:
    """In a channel a mention is told twice, with one timestamp; in a DM once; what people type is escaped."""
    async with listening(slack) as heard:
        asked = await ada.say(room, f"{slack.mention} is 1 < 2 & https://a.example?", [("a.txt", b"abc")])
        await slack.until(lambda: len(heard.events) == 2)
        assert {one["type"] for one in heard.events} == {"app_mention", "message"}
        assert {one["ts"] for one in heard.events} == {asked.ts}
        assert heard.events[0]["text"] == f"{slack.mention} is 1 &lt; 2 &amp; <https://a.example?>"
        assert all(one["files"][0]["name"] == "a.txt" for one in heard.events)
        await ada.say(ada.dm, f"{slack.mention} hello")
        await slack.until(lambda: len(heard.events) == 3)
        assert heard.events[2]["channel_type"] == "im"
        assert all(one.acknowledged for one in slack.delivery.sent)


async def test_threads_edits_and_deletions(slack: Simulator, ada: Person, room: Channel) -> None:
    """Replies, changes and deletions come as Slack tells them, and history shows what is left."""
    async with listening(slack) as heard:
        asked = await ada.say(room, "one")
        reply = await ada.say(room, "two", thread=asked)
        await ada.edit(reply, "three")
        await ada.delete(reply)
        await slack.until(lambda: len(heard.events) == 4)
        assert [one.get("subtype") for one in heard.events] == [None, None, "message_changed", "message_deleted"]
        assert heard.events[1]["thread_ts"] == asked.ts
        assert heard.events[2]["message"]["text"] == "three"
        posted = await heard.client.chat_postMessage(
            channel=room.id, text="answer", thread_ts=asked.ts, metadata={"event_type": "x", "event_payload": {"a": 1}}
        )
        thread = await heard.client.conversations_replies(channel=room.id, ts=asked.ts, include_all_metadata=True)
        assert [one["text"] for one in thread["messages"]] == ["one", "answer"]
        assert thread["messages"][1]["metadata"]["event_payload"] == {"a": 1}
        await heard.client.chat_update(channel=room.id, ts=posted["ts"], text="better")
        assert [one.shown for one in slack.said(room, asked)] == ["better"]
        await heard.client.chat_delete(channel=room.id, ts=posted["ts"])
        assert not slack.said(room)
        history = await heard.client.conversations_history(channel=room.id)
        assert [one["text"] for one in history["messages"]] == ["one"]


async def test_what_is_not_acknowledged_comes_again(slack: Simulator, ada: Person, room: Channel) -> None:
    """After the deadline an event comes again, and says so; in the end it is given up."""
    slack.delivery.deadline, slack.delivery.waits = 0.2, (0.0, 0.05)
    async with listening(slack) as heard:
        slack.socket.deaf = True
        await ada.say(room, "hello")
        await slack.until(lambda: len(heard.events) == 3)
        assert heard.retries == ["0", "1", "2"]
        await slack.until(lambda: slack.delivery.sent[0].failed == "timeout")


async def test_connections_end_politely_or_not(slack: Simulator, ada: Person, room: Channel) -> None:
    """Asked to refresh, the client connects again and hears on; several connections share what comes."""
    async with listening(slack) as heard, listening(slack) as other:
        await slack.ready(2)
        await slack.socket.refresh()
        await slack.until(lambda: slack.socket.opened == 4 and len(slack.socket.connections) == 2)
        for number in range(20):
            await ada.say(room, str(number))
        await slack.until(lambda: len(heard.events) + len(other.events) == 20)
        assert heard.events
        assert other.events


async def test_commands_buttons_shortcuts_and_forms(slack: Simulator, ada: Person, room: Channel) -> None:
    """Each comes with what the real one brings; a trigger opens a form once; the form comes back filled in."""
    async with listening(slack) as heard:
        act = await ada.command(room, "/jarvis", "help")
        assert (act.said, act.private) == ("heard", True)
        await heard.client.chat_postMessage(
            channel=room.id, text="press", blocks=[{"type": "actions", "elements": [BUTTON]}]
        )
        await ada.press(slack.said(room)[0], "Go")
        await slack.until(lambda: len(heard.bodies) == 2)
        assert heard.bodies[1]["actions"][0]["value"] == "7"
        opened = await ada.shortcut("ask", slack.said(room)[0])
        await slack.until(lambda: opened.view)
        assert opened.view
        await ada.submit(opened.view, {"words": "a < b"})
        await slack.until(lambda: len(heard.bodies) == 4)
        state = heard.bodies[3]["view"]["state"]["values"]
        assert next(iter(state.values()))["words"]["value"] == "a < b"
        assert not opened.view.open


async def test_a_late_answer_is_none(slack: Simulator, ada: Person, room: Channel) -> None:
    """Who runs a command that nobody takes reads an error; a response_url works five times."""
    with pytest.raises(AssertionError, match="did not respond"):
        await ada.command(room, "/jarvis")
    async with listening(slack) as heard:
        act = await ada.command(room, "/jarvis")
        url = AsyncWebhookClient(heard.bodies[0]["response_url"])
        statuses = [(await url.send(text=str(number))).status_code for number in range(6)]
        assert statuses == [200] * 5 + [404]
        assert act.said.splitlines() == ["heard", "0", "1", "2", "3", "4"]

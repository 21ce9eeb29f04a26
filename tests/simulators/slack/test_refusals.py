"""The local Slack refuses what Slack refuses, in Slack's words, and counts calls as Slack does."""

from __future__ import annotations

import time
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from tests.simulators.slack import Channel, Person, Simulator
from tests.simulators.slack.blocks import check_blocks, check_view
from tests.simulators.slack.listener import refused
from tests.simulators.slack.refusal import Refused

pytestmark = pytest.mark.anyio


async def test_what_is_not_there_or_not_ours(
    slack: Simulator, client: AsyncWebClient, ada: Person, room: Channel
) -> None:
    """Channels, threads and messages that are not there; those of others; empty and endless texts."""
    foreign = slack.channel("foreign", ada, bot=False)
    hidden = slack.channel("hidden", ada, kind="group", bot=False)
    hers, reply = await ada.say(room, "hello"), await ada.say(room, "hello", thread=(await ada.say(room, "x")))
    post = client.chat_postMessage
    assert await refused(post(channel="C0", text="x")) == "channel_not_found"
    assert await refused(post(channel=hidden.id, text="x")) == "channel_not_found"
    assert await refused(post(channel=foreign.id, text="x")) == "not_in_channel"
    assert await refused(client.api_call("chat.postMessage", json={"channel": room.id, "text": " "})) == "no_text"
    assert await refused(post(channel=room.id, text="x" * 40_001)) == "msg_too_long"
    assert await refused(post(channel=room.id, markdown_text="x" * 12_001)) == "msg_too_long"
    assert await refused(post(channel=room.id, text="x", thread_ts="1.000000")) == "thread_not_found"
    assert await refused(post(channel=room.id, text="x", thread_ts=reply.ts)) == "cannot_reply_to_message"
    assert await refused(client.chat_update(channel=room.id, ts=hers.ts, text="x")) == "cant_update_message"
    assert await refused(client.chat_delete(channel=room.id, ts=hers.ts)) == "cant_delete_message"
    assert await refused(client.chat_update(channel=room.id, ts="1.0", text="x")) == "message_not_found"
    assert await refused(client.conversations_replies(channel=room.id, ts="1.0")) == "thread_not_found"
    assert await refused(client.reactions_add(channel=room.id, timestamp="1.0", name="eyes")) == "message_not_found"
    assert not slack.said()


async def test_tokens_and_scopes(slack: Simulator, client: AsyncWebClient, room: Channel) -> None:
    """No token, a wrong one, one of another kind, one without a scope, a revoked one; all granted scopes are told."""
    told = await client.auth_test()
    assert "chat:write" in str(told.headers["X-OAuth-Scopes"])
    assert await refused(AsyncWebClient(base_url=slack.api).auth_test()) == "not_authed"
    assert await refused(AsyncWebClient("xoxb-0", base_url=slack.api).auth_test()) == "invalid_auth"
    assert await refused(client.apps_connections_open(app_token=slack.bot_token)) == "not_allowed_token_type"
    slack.scopes("channels:history")
    with pytest.raises(SlackApiError) as raised:
        await client.conversations_history(channel=room.id)
    answer: Any = raised.value.response
    assert (answer["error"], answer["needed"]) == ("missing_scope", "channels:history")
    assert await refused(client.api_call("chat.sing")) == "unknown_method"
    await client.auth_revoke()
    assert await refused(client.auth_test()) == "token_revoked"


async def test_reading_methods_do_not_see_json(slack: Simulator, client: AsyncWebClient, ada: Person) -> None:
    """What stands in a JSON body is missing there."""
    assert await refused(client.api_call("users.info", json={"user": ada.user.id})) == "invalid_arguments"
    assert (await client.users_info(user=ada.user.id))["user"]["is_admin"]


@pytest.mark.slow
async def test_each_method_has_its_tier(slack: Simulator, client: AsyncWebClient, ada: Person, room: Channel) -> None:
    """The 51st update in a minute and the sixth post in a second into a channel get a 429; the library waits."""
    posted = await client.chat_postMessage(channel=room.id, text="x")
    for number in range(50):
        await client.chat_update(channel=room.id, ts=posted["ts"], text=str(number))
    with pytest.raises(SlackApiError) as raised:
        await client.chat_update(channel=room.id, ts=posted["ts"], text="x")
    answer: Any = raised.value.response
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    for _ in range(4):
        await client.chat_postMessage(channel=room.id, text="x")
    assert await refused(client.chat_postMessage(channel=room.id, text="x")) == "ratelimited"
    client.retry_handlers.append(AsyncRateLimitErrorRetryHandler())
    began = time.monotonic()
    await client.chat_postMessage(channel=room.id, text="at last")
    assert time.monotonic() - began >= 0.5
    assert slack.web.limits.refused == {"chat.update": 1, "chat.postMessage": 2}


async def test_faults(slack: Simulator, client: AsyncWebClient, room: Channel) -> None:
    """A server error, an answer that is lost although the message was posted, a storm of 429."""
    slack.web.broken["auth.test"] = [500]
    with pytest.raises(SlackApiError):
        await client.auth_test()
    slack.web.lost["chat.postMessage"] = 1
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel=room.id, text="posted")
    assert [one.text for one in slack.said(room)] == ["posted"]
    slack.web.limits.storm.add("chat.postMessage")
    assert await refused(client.chat_postMessage(channel=room.id, text="x")) == "ratelimited"


async def test_who_is_notified_is_known(slack: Simulator, client: AsyncWebClient, ada: Person, room: Channel) -> None:
    """Channel-wide words, groups and people count wherever they stand, unless they are escaped."""
    everybody = "<!channel> <!here|here> <!everyone> <!subteam^S1>"
    section = [{"type": "section", "text": {"type": "mrkdwn", "text": f"hi <@{ada.user.id}>"}}]
    plain = [{"type": "section", "text": {"type": "plain_text", "text": everybody}}]
    await client.chat_postMessage(channel=room.id, text=everybody)
    await client.chat_postMessage(channel=room.id, text="x", blocks=section)
    await client.chat_postMessage(channel=room.id, text="x", blocks=plain)
    await client.chat_postMessage(channel=room.id, markdown_text="a <!channel> b")
    await client.chat_postMessage(channel=room.id, text="&lt;!channel&gt; @channel", mrkdwn=True)
    assert [one.notified for one in slack.said(room)] == [
        {"@channel", "@here", "@everyone", "@subteam:S1"},
        {"Ada"},
        set(),
        {"@channel"},
        set(),
    ]


def text(words: str, kind: str = "mrkdwn") -> dict[str, Any]:
    """A text object."""
    return {"type": kind, "text": words}


def button(**facts: Any) -> dict[str, Any]:
    """A button."""
    return {"type": "button", "text": text("Go", "plain_text"), "action_id": "go"} | facts


def actions(*elements: dict[str, Any]) -> dict[str, Any]:
    """Elements in a row."""
    return {"type": "actions", "elements": list(elements)}


def option(words: str = "One", value: str = "1") -> dict[str, Any]:
    """An entry of a list."""
    return {"text": text(words, "plain_text"), "value": value}


def select(*options: dict[str, Any]) -> dict[str, Any]:
    """A list."""
    return {"type": "static_select", "action_id": "choose", "options": list(options)}


CARD = {"type": "task_card", "task_id": "1", "title": "Draw", "status": "complete"}
BROKEN = {
    "blocks": [{"type": "divider"}] * 51,
    "type": [{"type": "sections"}],
    "section": [{"type": "section", "text": text("x" * 3001)}],
    "empty section": [{"type": "section", "text": text("")}],
    "unknown field": [{"type": "divider", "colour": "red"}],
    "header": [{"type": "header", "text": text("x" * 151, "plain_text")}],
    "header in mrkdwn": [{"type": "header", "text": text("x")}],
    "context": [{"type": "context", "elements": [text("x")] * 11}],
    "actions": [actions(*[button(action_id=str(number)) for number in range(26)])],
    "action ids": [actions(button(), button())],
    "action id": [actions(button(action_id="x" * 256))],
    "value": [actions(button(value="x" * 2001))],
    "label": [actions(button(text=text("x" * 76, "plain_text")))],
    "style": [actions(button(style="blue"))],
    "options": [actions(select(*[option(value=str(number)) for number in range(101)]))],
    "option": [actions(select(option("x" * 76)))],
    "no options": [actions(select())],
    "alt text": [{"type": "image", "image_url": "https://a.example/b.png"}],
    "long alt text": [{"type": "image", "image_url": "https://a.example/b.png", "alt_text": "x" * 2001}],
    "markdown": [{"type": "markdown", "text": "x" * 12_001}],
    "rows": [{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]] * 101}],
    "columns": [{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * 21]}],
    "empty cell": [{"type": "table", "rows": [[{"type": "raw_text", "text": ""}]]}],
    "status": [CARD | {"status": "done"}],
    "details": [CARD | {"details": "words"}],
    "tasks": [{"type": "plan", "title": "Plan", "tasks": [CARD, CARD]}],
    "source": [CARD | {"sources": [{"type": "url", "url": "https://a.example"}]}],
    "block ids": [{"type": "divider", "block_id": "a"}] * 2,
    "alert": [{"type": "alert", "text": text("x")}],
}


@pytest.mark.parametrize("name", BROKEN)
def test_layouts_that_are_refused(name: str) -> None:
    """Each with a reason that says where."""
    with pytest.raises(Refused, match="json-pointer:/blocks"):
        check_blocks(BROKEN[name])


def test_layouts_that_are_taken() -> None:
    """One of each kind of block, and as much of it as goes."""
    rich = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [text("a", "text")]}]}
    feedback = {"type": "feedback_buttons", "action_id": "f"}
    for side in ("positive_button", "negative_button"):
        feedback |= {side: {"text": text("Good", "plain_text"), "value": side}}  # type: ignore[dict-item] # a mapping
    check_blocks(
        [
            {"type": "section", "text": text("x" * 3000), "accessory": button(action_id="a")},
            {"type": "header", "text": text("x" * 150, "plain_text")},
            actions(*[button(action_id=str(number)) for number in range(25)]),
            {"type": "context", "elements": [text("x")] * 10},
            {"type": "context_actions", "elements": [feedback]},
            {"type": "markdown", "text": "x" * 12_000},
            {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * 20] * 100},
            {"type": "plan", "title": "Plan", "tasks": [CARD | {"details": rich}, CARD | {"task_id": "2"}]},
            {"type": "image", "image_url": "https://a.example/b.png", "alt_text": "x" * 2000},
            rich,
        ]
    )


def test_views_that_are_refused() -> None:
    """Long titles and metadata, inputs without a button to send them, blocks that only messages take."""
    good = {"type": "modal", "title": text("Form", "plain_text"), "blocks": [{"type": "divider"}]}
    check_view(good)
    field = {"type": "input", "label": text("Words", "plain_text")}
    field |= {"element": {"type": "plain_text_input", "action_id": "words"}}
    for change in (
        {"title": text("x" * 25, "plain_text")},
        {"title": None},
        {"private_metadata": "x" * 3001},
        {"blocks": [{"type": "divider"}] * 101},
        {"blocks": [{"type": "markdown", "text": "x"}]},
        {"blocks": [field]},
    ):
        with pytest.raises(Refused, match="invalid_arguments"):
            check_view(good | change)

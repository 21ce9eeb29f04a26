"""The local Slack over HTTP, with OAuth into several workspaces, and with manifests."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient

from tests.simulators.slack import App, Channel, Person, Simulator
from tests.simulators.slack.listener import refused

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def listening(slack: Simulator, heard: list[str]) -> AsyncIterator[None]:
    """A bolt app at this Slack, over HTTP."""
    client = AsyncWebClient(slack.bot_token, base_url=slack.api)
    app = AsyncApp(client=client, signing_secret=slack.app.signing_secret)

    async def event(body: dict[str, str]) -> None:
        heard.append(body["event_id"])

    app.event("message")(event)
    app.event("app_mention")(event)

    async def serve(request: web.Request) -> web.Response:
        asked = AsyncBoltRequest(body=await request.text(), headers=dict(request.headers))
        answer = await app.async_dispatch(asked)
        kind = answer.first_headers().get("content-type", "").partition(";")[0] or None
        return web.Response(status=answer.status, text=answer.body, content_type=kind)

    server = web.Application()
    server.router.add_post("/slack/events", serve)
    runner = web.AppRunner(server)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.app.socket_mode = False
    slack.app.request_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    try:
        yield
    finally:
        await runner.cleanup()


async def test_events_over_http_are_signed(slack: Simulator, ada: Person, room: Channel) -> None:
    """The challenge is answered; good signatures are taken; old ones and wrong ones are not, and come again."""
    slack.delivery.waits, heard = (0.0,), list[str]()
    async with listening(slack, heard):
        assert await slack.http.verify()
        await ada.say(room, f"{slack.mention} hello")
        await slack.until(lambda: len(heard) == 2)
        slack.http.age = 600
        await ada.say(room, "old")
        await slack.until(lambda: slack.http.statuses[-2:] == [401, 401])
        slack.http.age, slack.http.secret = 0, "wrong"
        await ada.say(room, "wrong")
        await slack.until(lambda: slack.http.statuses[-2:] == [401, 401] and slack.delivery.sent[-1].failed)
        assert slack.delivery.sent[-1].failed == "http_error"
        assert len(heard) == 2


async def test_events_come_twice_and_out_of_order(slack: Simulator, ada: Person, room: Channel) -> None:
    """A storm brings each event three times, with one id."""
    slack.delivery.copies, slack.delivery.disorder, heard = 3, 0.1, list[str]()
    async with listening(slack, heard):
        for number in range(5):
            await ada.say(room, str(number))
        await slack.until(lambda: len(heard) == 15)
        assert len(set(heard)) == 5


@pytest.mark.filterwarnings("ignore:BasicAuth is deprecated")  # by the real client
async def test_the_app_is_let_in_and_put_out(slack: Simulator, ada: Person) -> None:
    """OAuth brings a token of the other workspace, once; afterwards the app hears that it is out."""
    team = slack.team("Other")
    bob, heard = slack.person("Bob", team=team), list[str]()
    slack.oauth.who = bob.user
    query = {"client_id": slack.app.client_id, "scope": "chat:write,im:history", "state": "s"}
    query["redirect_uri"] = "https://jarvis.example/slack/oauth_redirect"
    async with aiohttp.ClientSession() as session:
        async with session.get(slack.authorize, params=query, allow_redirects=False) as page:
            code = page.headers["Location"].partition("code=")[2].partition("&")[0]
        slack.oauth.agrees = False
        async with session.get(slack.authorize, params=query, allow_redirects=False) as page:
            assert "error=access_denied" in page.headers["Location"]
    client = AsyncWebClient(base_url=slack.api)
    secrets = {"client_id": slack.app.client_id, "client_secret": slack.app.client_secret}
    assert await refused(client.oauth_v2_access(**secrets | {"client_secret": "x"}, code=code)) == "bad_client_secret"
    told = await client.oauth_v2_access(**secrets, code=code)
    assert told["team"] == {"id": team.id, "name": "Other"}
    assert await refused(client.oauth_v2_access(**secrets, code=code)) == "code_already_used"
    there = AsyncWebClient(told["access_token"], base_url=slack.api)
    await there.chat_postMessage(channel=bob.user.id, text="hello")
    assert await refused(there.chat_postMessage(channel=ada.user.id, text="x")) == "channel_not_found"
    async with listening(slack, heard):
        slack.oauth.uninstall(team)
        await slack.until(
            lambda: {"app_uninstalled", "tokens_revoked"} <= {one.event["type"] for one in slack.delivery.sent}
        )
    assert await refused(there.auth_test()) == "token_revoked"


MANIFEST = {
    "display_information": {"name": "JARVIS"},
    "features": {
        "bot_user": {"display_name": "JARVIS"},
        "slash_commands": [{"command": "/jarvis", "description": "Ask"}],
        "agent_view": {"agent_description": "Does things"},
    },
    "oauth_config": {"scopes": {"bot": ["assistant:write", "commands", "app_mentions:read"]}},
    "settings": {
        "event_subscriptions": {"bot_events": ["app_mention"]},
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}


async def test_manifests_are_checked(slack: Simulator) -> None:
    """A good one is taken and makes an app; missing scopes and addresses, long names and unknown fields are told."""
    client = AsyncWebClient(slack.app.config_token, base_url=slack.api)
    await client.apps_manifest_validate(manifest=MANIFEST)
    app = App.from_manifest(MANIFEST)
    assert app.events == {"app_mention"}
    assert app.commands == frozenset({"/jarvis"})
    assert (app.agent, app.socket_mode) == (True, True)
    changes: list[dict[str, object]] = [
        {"display_information": {"name": "x" * 36}},
        {"colour": "red"},
        {"oauth_config": {"scopes": {"bot": ["commands"]}}},
        {"oauth_config": {"scopes": {"bot": ["assistant:write", "commands", "app_mentions:read", "fly"]}}},
        {"settings": {"event_subscriptions": {"bot_events": ["app_mention"]}}},
    ]
    for change in changes:
        validating = client.apps_manifest_validate(manifest=json.dumps(MANIFEST | change))
        assert await refused(validating) == "invalid_manifest", change

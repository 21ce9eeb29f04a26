"""Events over HTTP: signed, in time, once; and nothing else gets in."""

from __future__ import annotations

import json
import time
from typing import Any

import aiohttp
import anyio
import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.commands import COMMAND
from adapters.slack.door import EVENTS, Address, web_app
from adapters.slack.ear import Manner
from core.errors import StoreFailed
from tests.adapters.slack.house import House
from tests.adapters.slack.look import answered
from tests.fakes import ScriptedController, task
from tests.simulators.slack import Channel, Person, Simulator

pytestmark = pytest.mark.anyio


@pytest.fixture
def slack_by_http(slack: Simulator, free_tcp_port: int) -> House:
    """A house that Slack reaches at an address."""
    slack.app.socket_mode = False
    slack.app.request_url = f"http://127.0.0.1:{free_tcp_port}{EVENTS}"
    manner = Manner(address=Address(port=free_tcp_port))
    return House(slack, ScriptedController([task(0, text="tea")]), manner=manner, http=True)


async def post(house: House, body: str, *, at: float | None = None, secret: str = "", kind: str = "") -> int:
    """Send something to the house as if from Slack; returns the status."""
    stamp = str(int(at if at is not None else time.time()))
    signature = SignatureVerifier(secret or house.slack.app.signing_secret).generate_signature(
        timestamp=stamp, body=body
    )
    headers = {
        "content-type": kind or "application/json",
        "x-slack-signature": str(signature),
        "x-slack-request-timestamp": stamp,
    }
    async with (
        aiohttp.ClientSession() as session,
        session.post(house.slack.app.request_url, data=body, headers=headers) as answer,
    ):
        return answer.status


async def test_events_commands_and_buttons_come_over_http(
    slack: Simulator, ada: Person, room: Channel, slack_by_http: House
) -> None:
    """A mention is answered, a command too; nothing goes over a socket."""
    async with slack_by_http.open():
        await ada.say(room, f"{slack.mention} make tea")
        (answer,) = await slack.until(lambda: answered(slack, room))
        act = await ada.command(room, COMMAND, "help")
        await slack.until(lambda: all(one.acknowledged for one in slack.delivery.sent))
    assert "0=" in answer.shown
    assert "For example" in act.said
    assert not slack.socket.connections


async def test_only_slack_gets_in(slack: Simulator, ada: Person, room: Channel, slack_by_http: House) -> None:
    """A wrong signature, none, and one from six minutes ago are refused; what is sent twice is heard once."""
    event: dict[str, Any] = {"type": "app_mention", "channel": room.id, "user": ada.user.id, "ts": "1700000000.000100"}
    told = {"type": "event_callback", "team_id": slack.workspace.id, "event_id": "Ev1"}
    body = json.dumps(told | {"event": event | {"text": f"{slack.mention} make tea"}})
    async with slack_by_http.open() as house:
        assert await post(house, body, secret="0" * 32) == 401
        assert await post(house, body, at=time.time() - 360) == 401
        async with aiohttp.ClientSession() as session, session.post(slack.app.request_url, data=body) as answer:
            assert answer.status == 401
        assert await post(house, body) == 200
        assert await post(house, body) == 200
        await slack.until(lambda: len(told_to(house)) == 1)
        await anyio.sleep(0.3)
    assert len(told_to(house)) == 1


STAMP, SIGNATURE = "X-Slack-Request-Timestamp", "X-Slack-Signature"


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"{oops", {}, 400),
        (b"[1]", {}, 400),
        (b"payload=%7Boops", {}, 400),
        (b"\xff\xfe", {}, 400),
        (b"{}", {STAMP: "soon", SIGNATURE: "v0=1"}, 401),
        (b"{}", {STAMP: "9" * 5_000, SIGNATURE: "v0=1"}, 401),
        (b"{}", {STAMP: "1", SIGNATURE: "v0=é"}, 401),
    ],
)
async def test_rubbish_is_turned_away_quietly(
    slack_by_http: House, caplog: pytest.LogCaptureFixture, body: bytes, headers: dict[str, str], status: int
) -> None:
    """Anybody can send it, so it costs no traceback in the log."""
    async with slack_by_http.open() as house, aiohttp.ClientSession() as session:
        url = house.slack.app.request_url
        async with session.post(url, data=body, headers={"Content-Type": "application/json"} | headers) as answer:
            assert answer.status == status
    assert not [record for record in caplog.records if record.exc_info]


def told_to(house: House) -> list[str]:
    """What was planned for."""
    assert isinstance(house.controller, ScriptedController)
    return [brief.text for brief in house.controller.briefs]


async def test_what_cannot_be_stored_is_told_again(
    slack: Simulator, ada: Person, room: Channel, slack_by_http: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the store is away Slack is not acknowledged; when it tells again, the request is taken."""
    slack.delivery.waits = (0.2, 0.2, 0.2)
    accept, tries = slack_by_http.store.inbox.accept, list[int]()

    async def shaky(request: Any) -> bool:
        tries.append(1)
        if len(tries) <= 2:
            raise StoreFailed("The database is locked.")
        return await accept(request)

    monkeypatch.setattr(slack_by_http.store.inbox, "accept", shaky)
    async with slack_by_http.open():
        await ada.say(room, f"{slack.mention} make tea")
        await slack.until(lambda: answered(slack, room))
    assert len(tries) >= 3
    assert len(answered(slack, room)) == 1


def test_nobody_listens_without_a_secret() -> None:
    """An app that listens over sockets takes no events at its address."""
    app = AsyncApp(client=AsyncWebClient(token="x"))
    assert not list(web_app(app, events=False).router.routes())
    assert list(web_app(app, events=True).router.routes())

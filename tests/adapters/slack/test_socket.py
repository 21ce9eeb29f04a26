"""Sockets come back, whatever was wrong: an address that was used up is never tried again."""

from __future__ import annotations

import logging

import anyio
import pytest

from adapters.slack import socket
from tests.adapters.slack.house import House
from tests.adapters.slack.look import answered
from tests.simulators.slack import Channel, Person, Simulator

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody wait for long."""
    monkeypatch.setattr(socket, "OPEN_SECONDS", 0.4)
    monkeypatch.setattr(socket, "PAUSE_SECONDS", 0.05)
    monkeypatch.setattr(socket, "PING_SECONDS", 0.3)


async def test_an_address_that_is_used_up_is_left(slack: Simulator, ada: Person, room: Channel) -> None:
    """Slack takes each address once: where connecting failed, the next try asks for another one."""
    slack.socket.refusing = [503, 503]
    async with House(slack).open():
        assert not slack.socket.refusing
        slack.socket.refusing = [500]
        await slack.socket.drop()
        await slack.until(lambda: slack.socket.opened == 2 and slack.socket.connections)
        await ada.say(room, f"{slack.mention} hello")
        await slack.until(lambda: answered(slack, room))


async def test_slack_is_asked_less_often_while_it_gives_no_address(
    slack: Simulator, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each pause is longer than the one before, up to a most; and no line of the log is a traceback."""
    pauses: list[float] = []
    sleep = anyio.sleep

    async def slept(seconds: float) -> None:
        pauses.append(seconds)
        await sleep(seconds)

    monkeypatch.setattr(anyio, "sleep", slept)
    monkeypatch.setattr(socket, "MOST_SECONDS", 0.15)
    slack.web.broken["apps.connections.open"] = [500, 502, 503, 500]
    with caplog.at_level(logging.INFO):
        async with House(slack).open():
            pass
    assert [one for one in pauses if one in {0.05, 0.1, 0.15}] == [0.05, 0.1, 0.15, 0.15]
    assert not any(record.exc_info for record in caplog.records if record.name.startswith("slack"))

"""How often Slack is asked: never more than a tier takes, and not before it wants to be."""

from __future__ import annotations

import anyio
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.response import HttpResponse

from adapters.slack.connection import Connection
from adapters.slack.tiers import ONCE, TIERS, Gate, Gates, wanted
from tests.adapters.slack.house import access
from tests.simulators.slack import Simulator

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("per_minute", [20, 50, 100, 600])
async def test_no_minute_has_more_calls_than_its_tier(per_minute: int) -> None:
    """However they come: the burst and what follows it in a minute stay below."""
    gate = Gate(per_minute)
    assert gate._ahead / gate._step + 60 / gate._step <= per_minute


async def test_who_gives_up_waiting_takes_nobodys_turn() -> None:
    """Pictures that were not waited for to the end leave no gap behind."""
    gate = Gate(20)
    before = gate._next
    for _ in range(100):
        with anyio.move_on_after(0):
            await gate.turn()
    waited = gate._next - max(before, anyio.current_time())
    assert waited < 100 * gate._step


async def test_pictures_leave_room_for_what_matters() -> None:
    """There is none to spare any more while what must be said still comes through at once."""
    gates = Gates()
    gate = gates.of("chat.update")
    assert gate is not None
    while gates.spare_in("chat.update") <= 0:
        await gate.turn()
    with anyio.fail_after(1):
        await gate.turn()


async def test_where_slack_says_wait_everybody_does() -> None:
    """Nobody comes through a gate that was shut before it opens."""
    gates = Gates()
    gates.shut("chat.update", 0.2)
    began = anyio.current_time()
    gate = gates.of("chat.update")
    assert gate is not None
    assert gates.spare_in("chat.update") > 0
    async with anyio.create_task_group() as group:
        group.start_soon(gate.turn)
        group.start_soon(gate.turn)
    assert anyio.current_time() - began >= 0.2


async def test_after_a_wait_they_come_one_after_the_other() -> None:
    """Who waited for a shut gate does not storm it when it opens."""
    gate, times = Gate(600), list[float]()

    async def go() -> None:
        await gate.turn()
        times.append(anyio.current_time())

    gate.shut(0.2)
    async with anyio.create_task_group() as group:
        for _ in range(5):
            group.start_soon(go)
        await anyio.sleep(0.1)
        gate.shut(0.2)
    assert max(times) - min(times) >= 3 * gate._step


def test_how_long_to_wait_is_read_whole() -> None:
    """A number of several digits, or none at all."""
    assert wanted(HttpResponse(status_code=429, headers={"Retry-After": "30"})) == 30
    assert wanted(HttpResponse(status_code=429, headers={"retry-after": ["7"]})) == 7
    assert wanted(HttpResponse(status_code=429, headers={})) == 1


async def test_a_call_that_was_refused_is_made_later() -> None:
    """The caller notices nothing, and other methods go on meanwhile."""
    async with Simulator() as slack:
        ada = slack.person("Ada")
        room = slack.channel("general", ada)
        connection = Connection(access(slack))
        slack.web.limits.storm.add("chat.postMessage")

        async def relent() -> None:
            await slack.until(lambda: slack.web.limits.refused["chat.postMessage"])
            slack.web.limits.storm.clear()

        async with anyio.create_task_group() as group:
            group.start_soon(relent)
            await connection.post(slack.workspace.id, room.id, text="hello")
        assert [one.text for one in slack.said(room)] == ["hello"]
        await connection.close()


async def test_what_may_have_been_done_is_not_done_again() -> None:
    """A lost answer to a new message is told to the caller; to a question, it is asked again."""
    async with Simulator() as slack:
        room = slack.channel("general", slack.person("Ada"))
        connection = Connection(access(slack))
        slack.web.lost |= {"chat.postMessage": 1, "auth.test": 1}
        with pytest.raises(Exception, match=r".*"):
            await connection.post(slack.workspace.id, room.id, text="hello")
        assert len(slack.said(room)) == 1
        assert await connection.me(slack.workspace.id) == slack.bot
        await connection.close()


async def test_a_refusal_is_no_reason_to_try_again() -> None:
    """What Slack says no to is told at once."""
    async with Simulator() as slack:
        connection = Connection(access(slack))
        with pytest.raises(SlackApiError):
            await connection.post(slack.workspace.id, "C404", text="hello")
        assert len(slack.web.calls) == 1
        await connection.close()


def test_what_is_done_once_has_a_tier() -> None:
    """No method is forgotten where it matters."""
    assert TIERS.keys() >= ONCE

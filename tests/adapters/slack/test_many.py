"""Many at once: acknowledged, within every tier, answered once, also where Slack tells everything three times."""

from __future__ import annotations

import math
import statistics

import anyio
import pytest

from adapters.slack.door import EVENTS, Address
from adapters.slack.ear import Manner
from tests.adapters.slack.house import House
from tests.fakes import FunctionExecutor, ScriptedController, task
from tests.simulators.slack import Channel, Message, Person, Simulator
from tests.simulators.slack.delivery import Envelope

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

THREADS = 200
ROOMS = 40
CARDS = 24
"""Messages that are waited for: more than come in a burst; all 200 would take minutes at Slack's own pace."""
PATIENCE = 60.0
"""Seconds that this Slack waits, so that a busy machine fails no test: the real one waits three.

It takes half a second of one processor to acknowledge all, with Slack itself and the first answers beside it.
"""
STORM = 5  # more would wait for their turn


def answers(slack: Simulator, room: Channel, asked: Message) -> list[Message]:
    """What stands below a request, without what is not finished."""
    found = slack.said(room, asked)
    return [one for one in found if one.blocks and "steps" in one.shown and "Stop" not in one.shown]


def told(slack: Simulator) -> list[Envelope]:
    """What the bot was told of what people wrote."""
    return [one for one in slack.delivery.sent if "client_msg_id" in one.event]


@pytest.mark.parametrize("http", [False, True])
async def test_a_storm_of_redeliveries(slack: Simulator, ada: Person, free_tcp_port: int, http: bool) -> None:
    """Each event comes three times, out of order, with mentions told twice each: one answer for each message."""
    room = slack.channel("general", ada)
    slack.delivery.copies, slack.delivery.disorder = 3, 1.0
    slack.web.limits.unlimited = True  # this is about what is heard
    asked: list[Message] = []
    slack.app.socket_mode = not http
    slack.app.request_url = f"http://127.0.0.1:{free_tcp_port}{EVENTS}"
    manner = Manner(address=Address(port=free_tcp_port))
    house = House(slack, ScriptedController([task(0), task(1)]), FunctionExecutor(), manner=manner, http=http)
    async with house.open():
        for number in range(STORM):
            first = await ada.say(room, f"{slack.mention} hello {number}")
            asked += [first, await ada.say(ada.dm, f"hello {number}")]
        await slack.until(lambda: all(answers(slack, one.channel, one) for one in asked), 60)
        await slack.until(lambda: all(one.acknowledged for one in slack.delivery.sent))
        await anyio.sleep(0.5)  # a second answer would begin now
    assert all(len(slack.said(one.channel, one)) == 1 for one in asked)
    assert len(slack.delivery.sent) >= 3 * STORM  # two events of a mention, one of a direct message


async def test_two_hundred_threads_at_once(slack: Simulator) -> None:
    """Everything is acknowledged in time and stored; no method is called oftener than its tier allows."""
    people = [slack.person(f"P{number}") for number in range(THREADS)]
    rooms = [slack.channel(f"room-{number}", *people[number::ROOMS]) for number in range(ROOMS)]
    slack.delivery.deadline = PATIENCE
    house = House(slack, ScriptedController([task(0), task(1)]), FunctionExecutor(seconds=0.2))
    async with house.open():
        async with anyio.create_task_group() as group:
            for number, person in enumerate(people):
                group.start_soon(person.say, rooms[number % ROOMS], f"{slack.mention} hello")
        await slack.until(lambda: sum(one.acknowledged is not None for one in told(slack)) == 2 * THREADS, 60)
        await slack.until(lambda: len(slack.said()) > CARDS, 60)  # the rest have to wait for their turn
    waits = sorted(one.acknowledged - one.sent[0] for one in told(slack) if one.acknowledged)
    p99 = waits[math.ceil(len(waits) * 0.99) - 1]
    median, refused = statistics.median(waits), slack.web.limits.refused
    print(f"acknowledged: median {median:.3f} s, p99 {p99:.3f} s; {refused.total()} calls refused")  # noqa: T201 - measured
    assert p99 < PATIENCE / 4
    assert not refused
    assert all(len(one.sent) == 1 for one in slack.delivery.sent)

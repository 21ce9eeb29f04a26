"""Many at once: first signs come at once, rate limits are kept, and a slow Discord slows no task."""

from __future__ import annotations

import statistics
import time

import anyio
import pytest

from adapters.discord.connection import BURST, RATE, SIGN_BURST, SIGN_RATE
from adapters.pace import Pace
from tests.adapters.discord.house import House
from tests.adapters.discord.look import answered
from tests.fakes import FunctionExecutor, ScriptedController, task
from tests.simulators.discord import Message, Person, Simulator
from tests.simulators.discord.limits import GLOBAL

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

PEOPLE = 200
SECONDS = 30.0
"""In which all of them ask: faster than that, Discord's limit of 50 calls a second leaves no room for first signs."""


def signed(ada: Person, asked: Message) -> float | None:
    """Seconds from a message to the first sign that it was heard."""
    signs = [*ada.dm.typed, *(one.at for one in ada.dm.messages.values() if one.author.bot)]
    return min(signs) - asked.at if signs else None


async def test_two_hundred_people_at_once(discord: Simulator) -> None:
    """Each is answered once; 95 of 100 see within a second that they were heard; hardly a call is refused."""
    people = [discord.person(f"P{number}") for number in range(PEOPLE)]
    asked: list[tuple[Person, Message]] = []
    house = House(discord, ScriptedController([task(0), task(1)]), FunctionExecutor(seconds=0.5), at_once=PEOPLE)
    async with house.open():
        for person in people:
            asked.append((person, await person.say(person.dm, "hello")))
            await anyio.sleep(SECONDS / PEOPLE)
        await discord.until(lambda: answered(discord, count=PEOPLE), 120)
        await discord.until(lambda: all("2 steps" in discord.said(one.dm)[0].text for one in people), 60)
    waits = sorted(wait for person, message in asked if (wait := signed(person, message)) is not None)
    p95 = waits[int(len(waits) * 0.95)]
    refused, calls = discord.rest.limits.refused, sum(discord.rest.limits.counts.values())
    print(  # noqa: T201 - what was measured
        f"first sign: median {statistics.median(waits):.2f} s, p95 {p95:.2f} s; {calls} calls, {refused} refused"
    )
    assert len(waits) == PEOPLE
    assert p95 < 1.0
    assert refused <= calls / 100
    assert all(len(discord.said(person.dm)) == 2 for person in people)


async def test_a_slow_discord_slows_no_task(discord: Simulator) -> None:
    """Every answer of Discord takes two seconds; three steps in a row take their own time."""
    executor = FunctionExecutor(seconds=0.1)
    script = [task(0), task(1, text="<resource-0>"), task(2, text="<resource-1>")]
    people = [discord.person(f"P{number}") for number in range(20)]
    async with House(discord, ScriptedController(script), executor, at_once=20).open():
        discord.rest.slow = 2.0
        began = time.perf_counter()
        for person in people:
            await person.say(person.dm, "Hello, who are you?")
        await discord.until(lambda: len(executor.spans) == 60)
        took = time.perf_counter() - began
        await discord.until(lambda: answered(discord, count=20), 60)
    assert took < 2.0


async def test_the_pace_is_kept_in_every_second() -> None:
    """However many come at once, no second sees more than its share, and nobody waits when there is room."""
    pace, came = Pace(RATE, BURST), list[float]()

    async def call() -> None:
        await pace.turn()
        came.append(time.perf_counter())

    async with anyio.create_task_group() as group:
        for _ in range(80):
            group.start_soon(call)
    most = max(sum(start <= other < start + 1 for other in came) for start in came)
    assert most <= RATE + BURST + 1
    assert came[BURST - 1] - came[0] < 0.05
    assert GLOBAL[0] >= RATE + BURST + SIGN_RATE + SIGN_BURST

"""What people asked of HuggingGPT, without devices of our own: hosted inference, and what is built in.

The far end is a router and a Hub of this machine, asked by the real client libraries in the real child processes.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from core.events import State
from core.types import Mode, Place
from tests.scenarios.conversations import *  # noqa: F403 - its tests are ours
from tests.scenarios.conversations import S5, SIX, snap
from tests.scenarios.house import Home, PlannedByHand, living

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


@pytest.fixture(scope="module")
async def home() -> AsyncIterator[Home]:
    """One house for all scenarios."""
    async with living(Mode.REMOTE) as home:
        yield home


async def test_s1_is_seen_from_afar(home: Home) -> None:
    """All that looks at the picture does so at hosted inference, and each is asked there."""
    home.router.requests.clear()
    async with home.talk() as talk:
        heard = await talk.say("How many people are in this picture?", snap("crowd.png", 240))
    assert {result.place for result in heard.trace.results.values()} == {Place.REMOTE}
    models = [one.path.rpartition("/")[2] for one in home.router.questions()]
    assert len(heard.trace.results) == 3
    assert len(models) == 4
    assert "image-classification" in models  # whether what was drawn is safe to show


async def test_s5_what_nobody_serves_is_told_beforehand(home: Home) -> None:
    """No provider draws poses: rules plan nothing of it, a plan that wants it is carried out as far as it goes."""
    async with home.talk() as talk:
        heard = await talk.say(S5, snap("example.png", 20))
    assert not heard.trace.tasks
    assert "**openpose-control**" in heard.text
    async with home.talk(plan=PlannedByHand(SIX)) as talk:
        heard = await talk.say(S5, snap("example.png", 30))
    assert {"image-to-text", "object-detection"} <= set(heard.types)
    assert not any("openpose" in type_ for type_ in heard.types)
    assert all(heard.trace.state(number) is State.DONE for number in heard.trace.tasks)
    assert "openpose-control" in heard.text

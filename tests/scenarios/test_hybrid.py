"""What people asked of HuggingGPT, with both places, one of which lets down every second time: all ends well."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

pytest.importorskip("torch")

from bot.executors import PRELOAD
from core.events import Failed, Selected
from core.rules import Rule, Topic
from core.types import Mode, Place
from tests.core.hosted.far import catalogue
from tests.scenarios.conversations import *  # noqa: F403 - its tests are ours
from tests.scenarios.devices import *  # noqa: F403
from tests.scenarios.house import Heard, Home, living
from tests.simulators.wrong import Wrong

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

READ = "image-to-text"
"""Admins leave it alone: with a preference for it, the model that was made for reading would not be asked first."""

SOME = 20
"""Answers from which on a place is held against what it was made to be like."""

FAULTS = (
    Wrong(status=500),
    Wrong(status=503),
    Wrong(status=429, headers={"Retry-After": "0.2"}),
    Wrong(hang=1.0, cut=True),
    Wrong(rubbish=True),
)


@pytest.fixture(scope="module", params=["hosted inference", "the own device"])
async def home(request: pytest.FixtureRequest) -> AsyncIterator[Home]:
    """One house for all scenarios, and the place in it that lets down.

    Where that is hosted inference, admins prefer its models, so that it is asked first.
    """
    far = request.param == "hosted inference"
    preload = PRELOAD if far else (*PRELOAD, "tests.scenarios.saboteur")
    async with living(Mode.HYBRID, preload=preload) as home:
        if far:
            home.router.alternate(*FAULTS)
            for task, models in catalogue().items():
                if task != READ:
                    rule = Rule(topic=Topic.PREFERENCE, name=task, value=models[0].id)
                    await home.house.store.rules.set(rule, by="an admin")
        yield home
        if len(home.heard) > SOME:
            _hold(home.heard, Place.REMOTE if far else Place.LOCAL)


async def test_a_provider_that_says_nothing_is_left_in_time(home: Home) -> None:
    """What hangs at hosted inference is done here, well before the request's time is up."""
    home.router.fail(Wrong(hang=600.0, times=None))
    mind = home.house.orchestrator
    hasty = {name: replace(type_, seconds=4.0) for name, type_ in mind.registry.types.items()}
    rule = Rule(topic=Topic.PREFERENCE, name="text-classification", value="far/text-classification")
    await home.house.store.rules.set(rule, by="an admin")
    try:
        async with home.talk(orchestrator=replace(mind, registry=replace(mind.registry, types=hasty))) as talk:
            heard = await talk.say("What is the sentiment of 'I am waiting'?")
    finally:
        home.router.heal(turns=False)
    tries = [event.selection for event in heard.events if isinstance(event, Selected)]
    assert [one.place for one in tries][:2] == [Place.REMOTE, Place.LOCAL]
    assert heard.trace.results[0].place in (Place.LOCAL, Place.EMBEDDED)


def _hold(answers: list[Heard], place: Place) -> None:
    """Every task that was begun has its result; some of them only after the place had let them down."""
    tries = [event.selection for heard in answers for event in heard.events if isinstance(event, Selected)]
    assert not [event for heard in answers for event in heard.events if isinstance(event, Failed)]
    results = sum(len(heard.trace.results) for heard in answers)
    let_down = [at for at, one in enumerate(tries[:-1]) if one.place is place and tries[at + 1].task == one.task]
    assert len(tries) > results
    assert len(let_down) > results / 10, (len(let_down), results)

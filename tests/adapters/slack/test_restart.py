"""Every button and form that one life of the bot posts does its work in the next, for who asked and for admins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from adapters.press import Verb
from core.bylaws import Bylaw, Decision
from tests.adapters.rooms import models_run, texts_planned
from tests.adapters.slack.house import House
from tests.adapters.slack.look import answered, button, with_button
from tests.fakes import FunctionExecutor, ScriptedController, task
from tests.simulators.slack import Act, Channel, Message, Person, Simulator, View

pytestmark = pytest.mark.anyio

HELD, RUNNING = (Verb.RUN, Verb.CANCEL), (Verb.STOP,)
RATED = {Verb.UP: "Good", Verb.DOWN: "Bad"}
MODELS = {"dear": ("toy", "maker/other")}


@dataclass
class Scene:
    """What somebody sees, and the house behind it."""

    slack: Simulator
    bob: Person
    room: Channel
    house: House

    async def find(self, verb: Verb) -> Message:
        """Return the message on which a verb stands, once it does."""
        if verb in RATED:
            await self.slack.until(lambda: answered(self.slack, self.room))
            return answered(self.slack, self.room)[0]
        (found, *_) = await self.slack.until(lambda: with_button(self.slack, self.room, verb))
        assert isinstance(found, Message)
        return found

    async def press(self, message: Message, verb: Verb, by: Person | None = None) -> Act:
        """Press it."""
        who = by or self.bob
        if verb in RATED:
            return await who.press(message, RATED[verb])
        return await who.press(message, button(message, verb))

    @property
    def whispered(self) -> str:
        """What was told in private."""
        return "\n".join(one.shown for one in self.slack.said(self.room, private=True))

    def words(self) -> str:
        """All that everybody can read."""
        return "\n".join(one.shown for one in self.slack.said(self.room))

    @property
    def models(self) -> list[str]:
        """Which models ran."""
        return models_run(self.house)

    @property
    def told(self) -> list[str]:
        """What was planned for."""
        return texts_planned(self.house)


EFFECTS: dict[Verb, Callable[[Scene], object]] = {
    Verb.STOP: lambda scene: "stopped by" in scene.words(),
    Verb.AGAIN: lambda scene: scene.told == ["tea", "tea"] and answered(scene.slack, scene.room, 2),
    Verb.UP: lambda scene: scene.whispered,
    Verb.DOWN: lambda scene: scene.whispered,
    Verb.DELETE: lambda scene: not scene.slack.said(scene.room),
    Verb.RUN: lambda scene: "0=" in scene.words(),
    Verb.CANCEL: lambda scene: "stopped by" in scene.words() and not scene.models,
}


def scene(slack: Simulator, bob: Person, room: Channel, *, seconds: float = 0.0) -> Scene:
    """A house with two models for its step."""
    executor = FunctionExecutor(models=MODELS, seconds=seconds)
    return Scene(slack, bob, room, House(slack, ScriptedController([task(0, "dear", text="tea")]), executor))


@pytest.fixture
def bob(slack: Simulator, room: Channel) -> Person:
    """Somebody who is no admin."""
    return slack.person("Bob", room)


async def view_of(act: Act, slack: Simulator, words: str) -> View:
    """The form that a press opened, once it shows something."""

    def shown() -> View | None:
        view = act.view or next((one for one in slack.views.all.values() if one.user is act.user), None)
        return view if view and words in str(view.blocks) else None

    found: View = await slack.until(shown)
    return found


@pytest.mark.parametrize("verb", EFFECTS)
async def test_a_button_works_in_the_next_life(slack: Simulator, bob: Person, room: Channel, verb: Verb) -> None:
    """Posted in one life, pressed in the next."""
    here = scene(slack, bob, room, seconds=60.0 if verb in RUNNING else 0.0)
    if verb in HELD:
        await here.house.store.bylaws.set(Decision(bylaw=Bylaw.APPROVE_SECONDS, value="1", scope="slack"), by="x")
    async with here.house.open():
        await bob.say(room, f"{slack.mention} tea")
        message = await here.find(verb)
    async with here.house.open():
        await here.press(message, verb)
        await slack.until(lambda: EFFECTS[verb](here))
    assert {refused.error for _, refused in slack.web.refusals} <= {"message_not_found"}  # deleted at the same time


async def test_a_form_is_filled_in_the_third_life(slack: Simulator, bob: Person, room: Channel) -> None:
    """Change: its button is posted in one life, its form opened in the next and sent in the third."""
    here = scene(slack, bob, room)
    async with here.house.open():
        await bob.say(room, f"{slack.mention} tea")
        message = await here.find(Verb.CHANGE)
    async with here.house.open():
        view = await view_of(await here.press(message, Verb.CHANGE), slack, "tea")
    async with here.house.open():
        await bob.submit(view, {"text": "coffee"})
        await slack.until(lambda: here.told == ["tea", "coffee"] and answered(slack, room, 2))


async def test_another_model_does_a_step(slack: Simulator, bob: Person, room: Channel) -> None:
    """Details show the plan; below them a step is given to another model; each in a life of its own."""
    here = scene(slack, bob, room)
    async with here.house.open():
        await bob.say(room, f"{slack.mention} tea")
        message = await here.find(Verb.DETAILS)
    async with here.house.open():
        details = await view_of(await here.press(message, Verb.DETAILS), slack, "1 · dear")
    async with here.house.open():
        await bob.press(details, "Another model")
        await slack.until(lambda: "now" in details.shown)
    (other,) = {"toy", "maker/other"} - set(here.models)
    async with here.house.open():
        await bob.submit(details, {"task-0": other})
        await slack.until(lambda: answered(slack, room, 2))
    assert sorted(here.models) == ["maker/other", "toy"]


async def test_others_may_not_press(slack: Simulator, ada: Person, bob: Person, room: Channel) -> None:
    """Somebody else reads in private that they may not; an admin of the workspace may."""
    here = scene(slack, bob, room, seconds=60.0)
    assert isinstance(here.house.executor, FunctionExecutor)
    async with here.house.open():
        await bob.say(room, f"{slack.mention} tea")
        message = await here.find(Verb.STOP)
        eve = slack.person("Eve", room)
        await here.press(message, Verb.STOP, by=eve)
        await slack.until(lambda: "Only who asked" in here.whispered)
        assert not here.house.executor.cancelled
        await here.press(message, Verb.STOP, by=ada)
        await slack.until(lambda: "stopped by" in here.words())


async def test_what_is_asked_instead_takes_the_place_of_a_plan_that_is_held(
    slack: Simulator, bob: Person, room: Channel
) -> None:
    """Change on a plan that waits for approval drops it."""
    here = scene(slack, bob, room)
    await here.house.store.bylaws.set(Decision(bylaw=Bylaw.APPROVE_SECONDS, value="1", scope="slack"), by="x")
    async with here.house.open():
        await bob.say(room, f"{slack.mention} tea")
        message = await here.find(Verb.CHANGE)
        view = await view_of(await here.press(message, Verb.CHANGE), slack, "tea")
        await bob.submit(view, {"text": "coffee"})
        await slack.until(lambda: "stopped by" in here.words() and len(here.told) == 2)
    assert not here.models

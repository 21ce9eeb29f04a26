"""Every button, list and form that one life of the bot posts does its work in the next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from adapters.press import Press, Verb
from core.bylaws import Bylaw, Decision
from tests.adapters.discord.house import House
from tests.adapters.discord.look import answered
from tests.adapters.rooms import models_run, texts_planned
from tests.fakes import FunctionExecutor, ScriptedController, task
from tests.simulators.discord import Channel, Message, Person, Simulator
from tests.simulators.discord.interactions import Interaction

pytestmark = pytest.mark.anyio

HELD, RUNNING = (Verb.RUN, Verb.CANCEL), (Verb.STOP,)
SHOWN = (Verb.STEP, Verb.MODEL)
"""What stands below the private details only."""

WHISPERED = (Verb.STOP, Verb.DETAILS, Verb.RUN, Verb.CANCEL)
"""What stands below a private answer."""


@dataclass
class Scene:
    """What somebody sees, and the house behind it."""

    discord: Simulator
    ada: Person
    house: House
    asked: Interaction | None = None  # in private

    async def ask(self, room: Channel, *, private: bool) -> None:
        """Ask for tea."""
        if private:
            self.asked = await self.ada.slash(room, "jarvis", text="tea", private=True)
        else:
            await self.ada.say(self.ada.dm, "tea")

    @property
    def shown(self) -> list[Message]:
        """All messages of ours."""
        return [*self.discord.said(), *self.discord.said(private=True)]

    async def find(self, verb: Verb) -> tuple[Message, list[str]]:
        """Return the message on which a verb stands, once it does, and what to choose there."""
        if verb in SHOWN:
            card, _ = await self.find(Verb.DETAILS)
            await self.press(card, Verb.DETAILS)
        if verb is Verb.MODEL:
            details, values = await self.find(Verb.STEP)
            await self.press(details, Verb.STEP, values)
        found: Message = await self.discord.until(lambda: next((one for one in self.shown if on(one, verb)), None))
        options = on(found, verb)[0].get("options", ())
        return found, [option["value"] for option in options][:1]

    async def press(self, message: Message, verb: Verb, values: list[str] | None = None) -> Interaction:
        """Press it."""
        return await self.ada.press(message, on(message, verb)[0], values or ())

    def words(self) -> str:
        """All that can be read."""
        return "\n".join(one.text for one in self.shown)

    @property
    def models(self) -> list[str]:
        """Which models ran."""
        return models_run(self.house)

    @property
    def told(self) -> list[str]:
        """What was planned for."""
        return texts_planned(self.house)


def on(message: Message, verb: Verb) -> list[dict[str, Any]]:
    """The parts of a message that do this."""
    read = [(part, Press.read(str(part.get("custom_id", "")))) for part in message.parts()]
    return [part for part, press in read if press and press.verb is verb]


EFFECTS: dict[Verb, Callable[[Scene], object]] = {
    Verb.STOP: lambda scene: "stopped by Ada" in scene.words() and "Stopped." in scene.words(),
    Verb.AGAIN: lambda scene: scene.told == ["tea", "tea"] and len(answered(scene.discord)) == 2,
    Verb.CHANGE: lambda scene: scene.told == ["tea", "coffee"] and len(answered(scene.discord)) == 2,
    Verb.UP: lambda scene: scene.shown[-1].button("👍")["style"] == 3,
    Verb.DOWN: lambda scene: scene.shown[-1].button("👎")["style"] == 3,
    Verb.DETAILS: lambda scene: "**1 · dear**" in scene.words(),
    Verb.DELETE: lambda scene: not scene.shown,
    Verb.RUN: lambda scene: "0=<tea>" in scene.words(),
    Verb.CANCEL: lambda scene: "stopped by Ada" in scene.words() and not scene.models,
    Verb.STEP: lambda scene: any(on(one, Verb.MODEL) for one in scene.shown),
    Verb.MODEL: lambda scene: sorted(scene.models) == ["maker/other", "toy"] and len(answered(scene.discord)) == 2,
}


@pytest.fixture
async def scene(discord: Simulator, ada: Person, request: pytest.FixtureRequest) -> Scene:
    """A house that is slow, or asks first, as the verb needs it."""
    verb: Verb = request.getfixturevalue("verb")
    seconds = 60.0 if verb in RUNNING else 0.0
    executor = FunctionExecutor(models={"dear": ("toy", "maker/other")}, seconds=seconds)
    house = House(discord, ScriptedController([task(0, "dear", text="tea")]), executor)
    if verb in HELD:
        await house.store.bylaws.set(Decision(bylaw=Bylaw.APPROVE_SECONDS, value="1", scope="discord"), by="x")
    return Scene(discord, ada, house)


@pytest.mark.parametrize("verb", Verb)
async def test_in_the_open(scene: Scene, room: Channel, verb: Verb) -> None:
    """Posted in one life, pressed in the next, a form filled in the third."""
    async with scene.house.open():
        await scene.ask(room, private=False)
        message, values = await scene.find(verb)
    async with scene.house.open():
        pressed = await scene.press(message, verb, values)
        if verb is not Verb.CHANGE:
            await scene.discord.until(lambda: EFFECTS[verb](scene))
            return
    async with scene.house.open():
        await scene.ada.submit(pressed, "coffee")
        await scene.discord.until(lambda: EFFECTS[verb](scene))


@pytest.mark.parametrize("verb", WHISPERED)
async def test_in_private(scene: Scene, room: Channel, verb: Verb) -> None:
    """The same below a private answer; everything stays private."""
    async with scene.house.open():
        await scene.ask(room, private=True)
        message, values = await scene.find(verb)
    async with scene.house.open():
        await scene.press(message, verb, values)
        await scene.discord.until(lambda: EFFECTS[verb](scene))
    assert not scene.discord.said()

"""Another model for a step, chosen below the details; and a model that somebody wants from the beginning."""

from __future__ import annotations

import pytest

from tests.adapters.discord.house import House
from tests.adapters.discord.look import answered
from tests.fakes import FunctionExecutor, ScriptedController, task
from tests.simulators.discord import Channel, Message, Person, Simulator
from tests.simulators.discord.interactions import Interaction
from tests.zoo import REGISTRY, Zoo

pytestmark = pytest.mark.anyio

MODELS = {"word": ("toy", "maker/other", "maker/third"), "dear": ("toy",)}


def several(discord: Simulator) -> House:
    """A house with several models for words; two independent words, and one made of the first."""
    script = [task(0, text="tea"), task(1, "dear", text="<resource-0>"), task(2, text="milk")]
    return House(discord, ScriptedController(script), FunctionExecutor(models=MODELS))


async def folded(discord: Simulator, answer: Message) -> Message:
    """The receipt above an answer."""
    card = next(one for one in discord.said(answer.channel) if one.v2)
    await discord.until(lambda: "3 steps" in card.text and card.text.startswith("✅"))
    return card


def options(asked: Interaction | Message, verb: str) -> list[str]:
    """What a list offers."""
    shown = asked.original if isinstance(asked, Interaction) else asked
    assert shown
    found = [one for one in shown.parts() if one["type"] == 3 and one["custom_id"].startswith(f"jarvis/{verb}/")]
    return [option["value"] for one in found for option in one["options"]]


async def test_a_step_is_done_by_another_model(discord: Simulator, ada: Person, room: Channel) -> None:
    """Step, then model, each after a restart: only the step and what needs it run again, beside the first answer."""
    house = several(discord)
    async with house.open():
        await ada.say(room, f"{discord.mention} tea and milk")
        (answer,) = await discord.until(lambda: answered(discord))
        details = await ada.click(await folded(discord, answer), "Details")
    assert options(details, "step") == ["0", "1", "2"]
    shown = details.original
    assert shown
    async with house.open():
        await ada.click(shown, "jarvis/step", ["0"])
        await discord.until(lambda: options(shown, "model"))
        assert "was done by toy" in shown.text
        assert options(shown, "model") == ["maker/other", "maker/third"]
    async with house.open():
        await ada.click(shown, "jarvis/model", ["maker/third"])
        await discord.until(lambda: "is done again by maker/third" in shown.text)
        second = (await discord.until(lambda: answered(discord, count=2)))[1]
    assert isinstance(house.executor, FunctionExecutor)
    jobs = [(str(job.inputs["text"]), job.model) for job in house.executor.ran]
    assert sorted(jobs[:3]) == [("<tea>", "toy"), ("milk", "toy"), ("tea", "toy")]
    assert jobs[3:] == [("tea", "maker/third"), ("<tea>", "toy")]
    assert second.channel is answer.channel
    assert second.text == answer.text
    assert {refused.body["code"] for refused in discord.rest.refusals} <= {160004}  # there is a thread already


async def test_others_may_look_and_not_choose(discord: Simulator, ada: Person, room: Channel) -> None:
    """Everybody sees the details, the list only who asked or moderates; where there is no other model it says so."""
    assert room.guild
    bob, eve = discord.person("Bob", room.guild), discord.person("Eve", room.guild)
    async with several(discord).open():
        await bob.say(room, f"{discord.mention} tea and milk")
        (answer,) = await discord.until(lambda: answered(discord))
        card = await folded(discord, answer)
        seen, moderated = await eve.click(card, "Details"), await ada.click(card, "Details")
        mine = (await bob.click(card, "Details")).original
        assert mine
        await bob.click(mine, "jarvis/step", ["1"])
        await discord.until(lambda: "No other model" in mine.text)
    assert "**1 · word**" in seen.said
    assert not options(seen, "step")
    assert options(moderated, "step")


async def test_what_was_private_stays_private(discord: Simulator, ada: Person, room: Channel) -> None:
    """A private answer's step by another model is a further private answer."""
    async with several(discord).open():
        asked = await ada.slash(room, "jarvis", text="tea and milk", private=True)
        assert asked.original
        await discord.until(lambda: "0=<tea>" in asked.said)
        shown = (await ada.click(asked.original, "Details")).original
        assert shown
        await ada.click(shown, "jarvis/step", ["0"])
        await discord.until(lambda: options(shown, "model"))
        pressed = await ada.click(shown, "jarvis/model", ["maker/other"])
        await discord.until(lambda: "maker/other" in pressed.said)
        await discord.until(lambda: "0=<tea>" in pressed.said)
    assert pressed.private
    assert not discord.said()


async def test_a_model_may_be_wanted_from_the_beginning(discord: Simulator, ada: Person) -> None:
    """The option is completed from the catalogue, those that can run first; the steps that it can do are its own."""
    house = House(discord, ScriptedController([task(0)]), FunctionExecutor(models=MODELS))
    async with house.open():
        await discord.until(lambda: discord.world.commands)
        found = await ada.complete(ada.dm, "jarvis", "model", "maker", text="hello")
        await ada.slash(ada.dm, "jarvis", text="hello", model="maker/third")
        await discord.until(lambda: answered(discord))
    assert found == ["maker/other", "maker/third"]
    assert isinstance(house.executor, FunctionExecutor)
    assert [job.model for job in house.executor.ran] == ["maker/third"]


async def test_the_whole_catalogue_is_suggested_a_list_at_a_time(discord: Simulator, ada: Person) -> None:
    """However many models there are, not more come than Discord shows."""
    async with House(discord, registry=REGISTRY, executor=Zoo()).open():
        await discord.until(lambda: discord.world.commands)
        found = await ada.complete(ada.dm, "jarvis", "model", "", text="hello")
    assert len(found) == 25


async def test_a_model_that_there_is_not_is_told(discord: Simulator, ada: Person) -> None:
    """Whoever wants a model that cannot do it is answered by another, and reads so on the card."""
    house = House(discord, ScriptedController([task(0)]), FunctionExecutor(models=MODELS))
    async with house.open():
        await discord.until(lambda: discord.world.commands)
        await ada.slash(ada.dm, "jarvis", text="hello", model="nobody/nothing")
        await discord.until(lambda: answered(discord))
        card = next(one for one in discord.said() if one.v2)
        await discord.until(lambda: "1 step" in card.text)
    assert "nobody/nothing" in card.text

"""Plans that cost more than is spent without asking: the card asks, and whoever asked decides, over restarts."""

from __future__ import annotations

import anyio
import pytest

from adapters.discord import shown
from core.bylaws import Bylaw, Decision
from tests.adapters.discord.house import House
from tests.adapters.discord.look import answered
from tests.fakes import FunctionExecutor, ScriptedController, task
from tests.simulators.discord import Channel, Message, Person, Simulator

pytestmark = pytest.mark.anyio


async def frugal(discord: Simulator) -> House:
    """A house that asks before it spends ten seconds."""
    house = House(discord, ScriptedController([task(0, "dear", text="tea")]))
    await house.store.bylaws.set(Decision(bylaw=Bylaw.APPROVE_SECONDS, value="10", scope="discord"), by="admin")
    return house


async def asking(discord: Simulator) -> Message:
    """The card that asks."""
    found: Message = await discord.until(lambda: next((one for one in discord.said() if "Run it?" in one.text), None))
    return found


def ran(house: House) -> list[str]:
    """The words that were worked on."""
    assert isinstance(house.executor, FunctionExecutor)
    return [str(job.inputs["text"]) for job in house.executor.ran]


async def test_the_card_asks_and_goes_on_after_a_restart(discord: Simulator, ada: Person, room: Channel) -> None:
    """Why it is held stands on the card; Run, after a restart, and the same card becomes the receipt."""
    assert room.guild
    house = await frugal(discord)
    async with house.open():
        await ada.say(room, f"{discord.mention} make tea")
        card = await asking(discord)
    assert "not started" in card.text
    assert [part["label"] for part in card.parts() if part["type"] == 2] == ["Run", "Change", "Cancel"]
    assert not ran(house)
    async with house.open():
        eve = discord.person("Eve", room.guild)
        assert "Only who asked" in (await eve.click(card, "Run")).said
        run = card.button("Run")
        pressed = await ada.click(card, "Run")
        (answer,) = await discord.until(lambda: answered(discord))
        await discord.until(lambda: card.text.startswith("✅ 1 step"))
        assert "nothing to approve" in (await ada.press(card, run)).said
    assert pressed.said == "I am on it."
    assert pressed.private
    assert answer.text == "0=<tea>"
    assert len(discord.said()) == 2


async def test_a_plan_that_nobody_wants_is_dropped(discord: Simulator, ada: Person) -> None:
    """Cancel, after a restart: nothing runs, and the end says who stopped it."""
    house = await frugal(discord)
    async with house.open():
        await ada.say(ada.dm, "make tea")
        card = await asking(discord)
    async with house.open():
        assert (await ada.click(card, "Cancel")).private
        (answer,) = await discord.until(lambda: answered(discord))
        await discord.until(lambda: "stopped by Ada" in card.text)
    assert answer.text == "Stopped."
    assert not ran(house)


async def test_what_is_asked_instead_takes_its_place(discord: Simulator, ada: Person) -> None:
    """Change opens a form with what was asked; what comes back is a new request, and the old plan is dropped."""
    house = await frugal(discord)
    async with house.open():
        await ada.say(ada.dm, "make tea")
        card = await asking(discord)
        form = await ada.click(card, "Change")
    async with house.open():
        await ada.submit(form, "make less tea")
        await discord.until(lambda: "stopped by Ada" in card.text)
        again = await asking(discord)
    assert isinstance(house.controller, ScriptedController)
    assert [brief.text for brief in house.controller.briefs] == ["make tea", "make less tea"]
    assert again is not card


async def test_somebody_decides_an_hour_later(discord: Simulator, ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """Old messages are hardly edited: this one once, so that nobody presses Run again; the receipt is a new message."""
    monkeypatch.setattr(shown, "OLD_SECONDS", 0.5)
    house = await frugal(discord)
    house.executor = FunctionExecutor(seconds=3)
    async with house.open():
        await ada.say(ada.dm, "make tea")
        card = await asking(discord)
        await anyio.sleep(0.6)
        count = len(card.edits)
        await ada.click(card, "Run")
        await discord.until(lambda: any(part.get("label") == "Stop" for part in card.parts()))
        await discord.until(lambda: answered(discord))
        await discord.until(lambda: card.deleted)
    assert len(card.edits) == count + 1
    assert next(one.text for one in discord.said() if one.v2).startswith("✅ 1 step")


async def test_in_private_it_asks_in_private(discord: Simulator, ada: Person, room: Channel) -> None:
    """The one private message asks, and holds the answer in the end."""
    house = await frugal(discord)
    async with house.open():
        asked = await ada.slash(room, "jarvis", text="make tea", private=True)
        await discord.until(lambda: asked.original and "Run it?" in asked.original.text)
        assert asked.original
    async with house.open():
        await ada.click(asked.original, "Run")
        await discord.until(lambda: "0=<tea>" in asked.said)
    assert asked.private
    assert not discord.said()

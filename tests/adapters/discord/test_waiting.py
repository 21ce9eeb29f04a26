"""Who waits for a turn sees how many go first."""

from __future__ import annotations

import pytest

from tests.adapters.discord.house import House
from tests.adapters.discord.look import answered
from tests.fakes import FunctionExecutor
from tests.simulators.discord import Channel, Person, Simulator

pytestmark = pytest.mark.anyio


async def test_the_place_in_the_line_is_on_the_card(discord: Simulator, ada: Person, room: Channel) -> None:
    """While another is answered the card says so; it is the same card that shows the plan, and the receipt."""
    assert room.guild
    bob = discord.person("Bob", room.guild)
    async with House(discord, executor=FunctionExecutor(seconds=3), at_once=1).open():
        await ada.say(ada.dm, "Hello, who are you?")
        await discord.until(lambda: discord.said(ada.dm))
        await bob.say(room, f"{discord.mention} hello")
        card = await discord.until(lambda: next((one for one in discord.said() if "Waiting" in one.text), None))
        assert "1 before you" in card.text
        assert card.button("Stop")
        await discord.until(lambda: len(answered(discord)) == 2)
        await discord.until(lambda: card.text.startswith("✅ 1 step"))
    assert len([one for one in discord.said() if one.v2]) == 2


async def test_in_private_too(discord: Simulator, ada: Person, room: Channel) -> None:
    """The one private message says so as well, and who does not want to wait stops it."""
    async with House(discord, executor=FunctionExecutor(seconds=3), at_once=1).open():
        await ada.say(ada.dm, "Hello, who are you?")
        await discord.until(lambda: discord.said(ada.dm))
        asked = await ada.slash(room, "jarvis", text="hello", private=True)
        await discord.until(lambda: "1 before you" in asked.said)
        assert asked.original
        await ada.click(asked.original, "Stop")
        await discord.until(lambda: "Stopped." in asked.said)

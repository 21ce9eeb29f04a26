"""Kill -9 at random while the bot talks on Discord: each request gets one card and one whole answer, none doubled."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from tests.adapters.discord.house import access
from tests.crash import guest
from tests.crash.lives import AT_ONCE, RUNS, Start, killed_at_random, side_by_side
from tests.simulators.discord import Message, Simulator

pytestmark = [pytest.mark.anyio, pytest.mark.crash]


def answers(discord: Simulator, asked: Message) -> list[Message]:
    """What stands below a request: the messages of ours in its thread, without the card."""
    return [one for one in discord.said(asked.thread) if not one.v2] if asked.thread else []


def whole(discord: Simulator, asked: Message) -> bool:
    """Whether a request is answered to its end and its card folded."""
    found = answers(discord, asked)
    cards = [one for one in discord.said(asked.thread) if one.v2] if asked.thread else []
    ended = found and found[-1].text.endswith(guest.LAST_WORDS) and found[-1].components and found[-1].attachments
    return bool(ended) and any("3 steps" in card.text and "done" not in card.text for card in cards)


@pytest.mark.parametrize("first", range(0, RUNS, AT_ONCE))
async def test_killed_at_random_everybody_gets_one_answer(start: Start, tmp_path: Path, first: int) -> None:
    """Up to three deaths at random moments; what was said while nobody was there is answered, too."""
    await side_by_side(first, tmp_path, partial(run, start))


async def run(start: Start, folder: Path, seed: int) -> None:
    """One run: a Discord and a bot of its own."""
    async with Simulator() as discord:
        ada = discord.person("Ada")
        room = discord.channel(discord.guild(ada), "general")
        begin = partial(start, guest.main, str(folder), access(discord))
        asked = await killed_at_random(begin, seed, lambda words: ada.say(room, f"{discord.mention} {words}"))
        process = begin()
        await discord.until(lambda: all(whole(discord, one) for one in asked), 90)
        process.kill()
    for one in asked:
        said = answers(discord, one)
        assert len(said) == 2, [part.text[:30] for part in said]  # 3,000 letters fill two messages
        assert sum(part.text.count("word") for part in said) == 600
        assert sum(part.v2 for part in discord.said(one.thread)) == 1
        assert len(said[-1].attachments) == 1
    assert not [one for one in discord.said(room) if not one.deleted]
    assert not [refused for refused in discord.rest.refusals if refused.status != 400]

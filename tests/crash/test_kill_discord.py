"""Kill -9 at random while the bot talks on Discord: each request gets one card and one whole answer, none doubled."""

from __future__ import annotations

import multiprocessing
import random
from collections.abc import Callable, Iterator
from multiprocessing.process import BaseProcess
from pathlib import Path

import anyio
import pytest

from adapters.discord.line import Access
from migrations import upgrade
from tests.crash import guest
from tests.simulators.discord import Channel, Message, Person, Simulator

pytestmark = [pytest.mark.anyio, pytest.mark.crash]

RUNS = 50
AT_ONCE = 5  # they wait more than they work
REQUESTS = 3

Start = Callable[[Path, Access], BaseProcess]


@pytest.fixture(scope="module")
def start() -> Iterator[Start]:
    """Start a guest: the fork server has imported everything already."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.crash.guest"])
    begun: list[BaseProcess] = []

    def begin(folder: Path, access: Access) -> BaseProcess:
        process = context.Process(target=guest.main, args=(str(folder), access), daemon=True)
        process.start()
        begun.append(process)
        return process

    yield begin
    for process in begun:
        process.kill()
        process.join()


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
    folders = {seed: tmp_path / str(seed) for seed in range(first, first + AT_ONCE)}
    for folder in folders.values():
        folder.mkdir()
        await upgrade(f"sqlite+aiosqlite:///{folder / 'jarvis.db'}")
    async with anyio.create_task_group() as runs:
        for seed, folder in folders.items():
            runs.start_soon(killed_at_random, start, folder, seed)


async def killed_at_random(start: Start, tmp_path: Path, seed: int) -> None:
    """One run: a Discord and a bot of its own."""
    dice = random.Random(seed)
    async with Simulator() as discord:
        room, ada = place(discord)
        access = Access(token=discord.token, api=discord.api, gateway=discord.gateway.url, cdn=discord.cdn)
        asked = [await ada.say(room, f"{discord.mention} one {seed}")]
        for _ in range(dice.randint(1, 3)):
            process = start(tmp_path, access)
            await anyio.sleep(dice.uniform(0.1, 1.2))
            asked += [await ada.say(room, f"{discord.mention} more")] if len(asked) < REQUESTS else []
            await anyio.sleep(dice.uniform(0.0, 1.0))
            process.kill()
            process.join()
        process = start(tmp_path, access)
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


def place(discord: Simulator) -> tuple[Channel, Person]:
    """Somebody in a channel."""
    ada = discord.person("Ada")
    return discord.channel(discord.guild(ada), "general"), ada

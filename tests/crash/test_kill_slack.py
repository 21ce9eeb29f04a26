"""Kill -9 at random while the bot talks on Slack: each request gets one whole answer, none doubled."""

from __future__ import annotations

import multiprocessing
import random
from collections.abc import Callable, Iterator
from multiprocessing.process import BaseProcess
from pathlib import Path

import anyio
import pytest

from adapters.slack.line import Access
from migrations import upgrade
from tests.adapters.slack.house import access
from tests.crash import guest
from tests.simulators.slack import Channel, Message, Simulator

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

    def begin(folder: Path, at: Access) -> BaseProcess:
        process = context.Process(target=guest.main, args=(str(folder), at), daemon=True)
        process.start()
        begun.append(process)
        return process

    yield begin
    for process in begun:
        process.kill()
        process.join()


def words(slack: Simulator, room: Channel, asked: Message) -> list[Message]:
    """The messages with words below a request."""
    return [one for one in slack.said(room, asked) if not one.files]


def whole(slack: Simulator, room: Channel, asked: Message) -> bool:
    """Whether a request is answered to its end: words, buttons and its file, and nothing is at work any more."""
    said = words(slack, room, asked)
    ended = bool(said) and guest.LAST_WORDS in said[-1].shown and not (said[-1].stream and said[-1].stream.live)
    buttons = ended and any(block["type"] == "actions" for block in said[-1].blocks)
    return buttons and any(one.files for one in slack.said(room, asked)) and "Stop" not in said[0].shown


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
    """One run: a Slack and a bot of its own."""
    dice = random.Random(seed)
    async with Simulator() as slack:
        ada = slack.person("Ada")
        room, at = slack.channel("general", ada), access(slack)
        asked = [await ada.say(room, f"{slack.mention} one {seed}")]
        for _ in range(dice.randint(1, 3)):
            process = start(tmp_path, at)
            await anyio.sleep(dice.uniform(0.1, 1.2))
            asked += [await ada.say(room, f"{slack.mention} more")] if len(asked) < REQUESTS else []
            await anyio.sleep(dice.uniform(0.0, 1.0))
            process.kill()
            process.join()
        process = start(tmp_path, at)
        await slack.until(lambda: all(whole(slack, room, one) for one in asked), 90)
        process.kill()
    for one in asked:
        said, files = words(slack, room, one), [file for part in slack.said(room, one) for file in part.files]
        assert len(said) == 1, [part.shown[:60] for part in said]
        assert sum(block["text"].count("word") for block in said[0].blocks if block["type"] == "markdown") == 600
        assert len(files) == 1, [file.name for file in files]
    assert not [one for one in slack.said(room) if not one.thread_ts]

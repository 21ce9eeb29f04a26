"""Kill -9 at random while the bot talks on Slack: each request gets one whole answer, none doubled."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from tests.adapters.slack.house import access
from tests.crash import guest
from tests.crash.lives import AT_ONCE, RUNS, Start, killed_at_random, side_by_side
from tests.simulators.slack import Channel, Message, Simulator

pytestmark = [pytest.mark.anyio, pytest.mark.crash]


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
    await side_by_side(first, tmp_path, partial(run, start))


async def run(start: Start, folder: Path, seed: int) -> None:
    """One run: a Slack and a bot of its own."""
    async with Simulator() as slack:
        ada = slack.person("Ada")
        room = slack.channel("general", ada)
        begin = partial(start, guest.main, str(folder), access(slack))
        asked = await killed_at_random(begin, seed, lambda words: ada.say(room, f"{slack.mention} {words}"))
        process = begin()
        await slack.until(lambda: all(whole(slack, room, one) for one in asked), 90)
        process.kill()
    for one in asked:
        said, files = words(slack, room, one), [file for part in slack.said(room, one) for file in part.files]
        assert len(said) == 1, [part.shown[:60] for part in said]
        assert sum(block["text"].count("word") for block in said[0].blocks if block["type"] == "markdown") == 600
        assert len(files) == 1, [file.name for file in files]
    assert not [one for one in slack.said(room) if not one.thread_ts]

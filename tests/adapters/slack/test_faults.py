"""A Slack that fails in every way: whatever happens, each request has one whole answer with its file in the end."""

from __future__ import annotations

import random

import anyio
import pytest

from tests.adapters.slack.house import House
from tests.fakes import FunctionExecutor, ScriptedController, task
from tests.simulators.slack import Channel, Message, Person, Simulator

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

REQUESTS = 4
TROUBLED = [
    "chat.appendStream",
    "chat.delete",
    "chat.postMessage",
    "chat.startStream",
    "chat.stopStream",
    "chat.update",
    "conversations.replies",
    "files.completeUploadExternal",
    "files.getUploadURLExternal",
]
"""Methods that an answer needs."""


async def trouble(slack: Simulator, dice: random.Random) -> None:
    """Bring something new every few moments."""
    while True:
        method = dice.choice(TROUBLED)
        match dice.randrange(6):
            case 0:
                slack.web.broken.setdefault(method, []).append(dice.choice([500, 502, 503]))
            case 1:
                slack.web.lost[method] = 1
            case 2:
                slack.web.limits.storm = {method}
            case 3:
                await (slack.socket.drop() if dice.random() < 0.5 else slack.socket.refresh())
            case 4:
                slack.web.slow = dice.choice([0.0, 0.2, 0.5])
            case _:
                slack.streams.life = dice.choice([0.0, 0.3, 300.0])
        await anyio.sleep(dice.uniform(0.05, 0.3))


def heal(slack: Simulator) -> None:
    """Be as Slack is on most days."""
    slack.web.broken.clear()
    slack.web.lost.clear()
    slack.web.limits.storm = set()
    slack.web.slow, slack.streams.life = 0.0, 300.0


def words(slack: Simulator, asked: Message) -> list[Message]:
    """What stands below a request, its files aside."""
    return [one for one in slack.said(asked.channel, asked) if not one.files]


def whole(slack: Simulator, asked: Message) -> bool:
    """Whether a request is answered to its end: nothing is written any more, there are buttons, and its file."""
    said = words(slack, asked)
    ended = len(said) == 1 and "Again" in said[0].shown and not (said[0].stream and said[0].stream.live)
    return ended and any(one.files for one in slack.said(asked.channel, asked))


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_fails_there_is_one_answer(slack: Simulator, ada: Person, room: Channel, seed: int) -> None:
    """Server errors, lost and slow answers, storms of 429, lost sockets, streams that end: one answer each."""
    slack.delivery.waits = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0)
    script = [task(0, "picture", texts=["a"]), task(1, text="b"), task(2, text="<resource-1>")]
    asked: list[Message] = []
    async with House(slack, ScriptedController(script), FunctionExecutor(seconds=0.2)).open():
        async with anyio.create_task_group() as group:
            group.start_soon(trouble, slack, random.Random(seed))
            for number in range(REQUESTS):
                asked.append(await ada.say(room if number % 2 else ada.dm, f"{slack.mention} hello {number}"))
                await anyio.sleep(0.7)
            group.cancel_scope.cancel()
        heal(slack)
        await slack.until(lambda: all(whole(slack, one) for one in asked), 60)
        await slack.ready()  # nobody leaves while a socket is being opened again
    for one in asked:
        assert [len(words(slack, one)), sum(len(said.files) for said in slack.said(one.channel, one))] == [1, 1]


async def test_a_file_that_gets_lost_is_brought_again(slack: Simulator, ada: Person) -> None:
    """The file host fails twice; the file comes all the same, once."""
    slack.files.refusing = [502, 503]
    async with House(slack, ScriptedController([task(0, "picture", texts=["a"])]), FunctionExecutor()).open():
        asked = await ada.say(ada.dm, "draw")
        await slack.until(lambda: whole(slack, asked))
    assert not slack.files.refusing
    assert [len(one.files) for one in slack.said(ada.dm, asked)] == [0, 1]


async def test_a_channel_that_is_closed_meanwhile(slack: Simulator, ada: Person, room: Channel) -> None:
    """Somebody archives the channel while we are at work: the author has the answer directly, once."""
    async with House(slack, ScriptedController([task(0)]), FunctionExecutor(seconds=0.5)).open():
        await ada.say(room, f"{slack.mention} hello")
        await slack.until(lambda: slack.said(room))
        room.archived = True
        await slack.until(lambda: any("Again" in one.shown for one in slack.said(ada.dm)))
        await anyio.sleep(0.3)
    assert len(slack.said(ada.dm)) == 1

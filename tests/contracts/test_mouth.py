"""What every platform's mouth must hold. A new platform joins by adding its maker to ``MAKERS``."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import pytest

from adapters.base import Mouth
from adapters.discord.connection import Connection
from adapters.discord.mouth import DiscordMouth
from adapters.inbound import Inbound as ChatInbound
from adapters.pace import Pace
from adapters.slack.connection import Connection as SlackConnection
from adapters.slack.files import Attached
from adapters.slack.mouth import SlackMouth
from adapters.terminal.files import Inbound, Outbound
from adapters.terminal.mouth import TerminalMouth
from adapters.terminal.screen import Silent
from adapters.web.follow import Hub
from adapters.web.mouth import WebMouth
from core.errors import BadInput
from core.events import (
    Answered,
    Cancelled,
    Event,
    Failed,
    Finished,
    Planned,
    Refused,
    Rejected,
    Said,
    Selected,
    Skipped,
    Started,
    fold,
)
from core.types import Artifact, Kind, Place, Request, Result, Selection, Task
from storage.blobs import MemoryBlobs
from tests.adapters.discord.house import access
from tests.adapters.rooms import nowhere
from tests.adapters.slack.house import access as slack_access
from tests.fakes import request
from tests.simulators.discord import Simulator
from tests.simulators.slack import Simulator as Slack
from tests.simulators.slack.world import Channel, Message, Team, User

pytestmark = pytest.mark.anyio


PLACE = "100000000000000000"
WORKSPACE = "T0PLACE"


class Maker(Protocol):
    """Makes a mouth for as long as the block lasts."""

    __name__: str

    def __call__(self, blobs: MemoryBlobs, folder: Path) -> AbstractAsyncContextManager[Mouth]: ...


@asynccontextmanager
async def web(blobs: MemoryBlobs, folder: Path) -> AsyncIterator[Mouth]:
    """The mouth of the page and the API."""
    yield WebMouth(Hub(), blobs, nowhere)


@asynccontextmanager
async def terminal(blobs: MemoryBlobs, folder: Path) -> AsyncIterator[Mouth]:
    """The mouth of a terminal."""
    yield TerminalMouth("terminal-1", Inbound(nowhere), Outbound(blobs, folder), Silent())


@asynccontextmanager
async def discord(blobs: MemoryBlobs, folder: Path) -> AsyncIterator[Mouth]:
    """The mouth of Discord, at a local one without its rate limits: how those are kept is tested elsewhere."""
    async with Simulator() as here:
        here.rest.limits.unlimited = True
        here.world.channel(here.guild(here.person("Ada")), "general", id=PLACE)
        connection = Connection(access(here))
        connection.pace = Pace(rate=1e6, burst=1)
        yield DiscordMouth(connection, blobs, ChatInbound(blobs, here.cdn, nowhere, nowhere))
        await connection.close()


@asynccontextmanager
async def slack(blobs: MemoryBlobs, folder: Path) -> AsyncIterator[Mouth]:
    """The mouth of Slack, at a local one without its rate limits: how those are kept is tested elsewhere."""
    async with Slack() as here:
        here.web.limits.unlimited = True
        _set_the_scene(here)
        connection = SlackConnection(slack_access(here))
        connection.faster = 1e6
        yield SlackMouth(connection, blobs, Attached(connection, most=2**20), nowhere)
        await connection.close()


def _set_the_scene(here: Slack) -> None:
    """Make the workspace, the author, the channel and the thread that requests of this suite come from."""
    team: Team = here.workspace
    team.id = WORKSPACE
    here.world.teams[WORKSPACE] = team
    ada = here.world.users["ada"] = User("Ada", team, id="ada")
    bot = here.world.bots[WORKSPACE] = here.token.bot
    room = here.world.channels[PLACE] = Channel("general", team, members={"ada": ada, bot.id: bot}, id=PLACE)
    room.messages[PLACE] = Message(room, ada, "hello", ts=PLACE)


MAKERS: tuple[Maker, ...] = (web, terminal, discord, slack)


@pytest.fixture
def blobs() -> MemoryBlobs:
    """Where files lie."""
    return MemoryBlobs()


@pytest.fixture(params=MAKERS, ids=lambda make: make.__name__)
async def mouth(request: pytest.FixtureRequest, blobs: MemoryBlobs, tmp_path: Path) -> AsyncIterator[Mouth]:
    """Each mouth in turn."""
    async with request.param(blobs, tmp_path) as made:
        yield made


def asked_of(mouth: Mouth, message: str = "1") -> Request:
    """Return a request made on a mouth's platform, in a place whose name is a number as everywhere on some."""
    made = request(platform=mouth.platform, message=message)
    workspace = WORKSPACE if mouth.platform == "slack" else ""
    return replace(made, origin=replace(made.origin, workspace=workspace, channel=PLACE, conversation=PLACE))


async def sound(blobs: MemoryBlobs) -> Artifact:
    """A file that an answer can hold."""
    sha256 = await blobs.put(b"RIFF....WAVE")
    return Artifact(sha256=sha256, kind=Kind.AUDIO, mime="audio/wav", name="speech.wav", size=12)


def way(file: Artifact) -> list[Event]:
    """A request in which everything happens that can, before its end."""
    return [
        Refused(0, "x.exe", "Programs are not read."),
        Planned(Task(id=0, type="text-to-speech", args={"text": "x" * 50_000})),
        Planned(Task(id=1, type="image-to-text")),
        Planned(Task(id=2, type="summarization")),
        Rejected("weather", "There is no such task."),
        Selected(Selection(task=0, model="espeak-ng", place=Place.EMBEDDED, why="The only one here.")),
        Started(0),
        Started(1),
        Finished(Result(task=0, outputs={"audio": file}, seconds=0.5, model="espeak-ng", place=Place.EMBEDDED)),
        Failed(1, "There is no text in it. @everyone <!channel> `*_"),
        Skipped(2, because=1),
        Said("x" * 50_000),
    ]


def ends(file: Artifact) -> list[Event]:
    """Every way a request can end."""
    return [
        Answered("Here it is.", (file,)),
        Answered("x" * 100_000, (file,) * 30),
        Answered(""),
        Failed(None, "The database cannot be used."),
        Cancelled("ada"),
    ]


async def test_it_says_who_it_is_and_what_it_can(mouth: Mouth) -> None:
    """The platform has a name, and its limits are numbers one can work with."""
    can = mouth.capabilities
    assert mouth.platform
    assert min(can.text_chars, can.file_bytes, can.files) >= 1
    assert can.edits_per_second > 0


async def test_the_first_sign_of_life_is_one_message(mouth: Mouth) -> None:
    """Opening a request again, as after a crash, finds the same message."""
    asked = asked_of(mouth)
    handle = await mouth.open(asked)
    assert handle
    assert await mouth.open(asked) == handle


async def test_every_step_and_every_end_can_be_shown(mouth: Mouth, blobs: MemoryBlobs) -> None:
    """Whatever happens can be shown, however long, and ending twice is ending once."""
    file = await sound(blobs)
    for number, end in enumerate(ends(file)):
        asked = asked_of(mouth, str(number + 1))
        handle = await mouth.open(asked)
        happened = way(file)
        for count in range(len(happened) + 1):
            await mouth.show(asked, handle, fold(happened[:count]))
        last = await mouth.finish(asked, handle, fold([*happened, end]))
        assert last
        assert await mouth.finish(asked, handle, fold([*happened, end])) == last


async def test_an_end_without_anything_before(mouth: Mouth, blobs: MemoryBlobs) -> None:
    """A request that was stopped before it began is ended, too, also by a process that never opened it."""
    asked = asked_of(mouth)
    assert await mouth.finish(asked, "handle-of-another-process", fold([Cancelled("ada")]))


async def test_requests_do_not_mix(mouth: Mouth, blobs: MemoryBlobs) -> None:
    """Two requests under way at once keep their own messages."""
    one, other = asked_of(mouth, "1"), asked_of(mouth, "2")
    first, second = await mouth.open(one), await mouth.open(other)
    assert first != second
    await mouth.show(other, second, fold([Said("b")]))
    assert await mouth.finish(one, first, fold([Answered("a")])) != await mouth.finish(
        other, second, fold([Answered("b")])
    )


@pytest.mark.parametrize("address", ["blob:" + "0" * 64, "/etc/passwd", "file:///etc/passwd", "", "http://a.example/x"])
async def test_what_cannot_be_fetched_gets_a_sentence(mouth: Mouth, address: str) -> None:
    """An address that is not an attachment of this platform is refused in words, and nothing else is read."""
    with pytest.raises(BadInput) as raised:
        _ = [chunk async for chunk in mouth.fetch(address)]
    assert raised.value.message

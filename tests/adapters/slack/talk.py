"""Somebody who asked in a local Slack, and a mouth that answers there: what its tests share."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from adapters.slack.connection import Connection
from adapters.slack.files import Attached
from adapters.slack.keeper import Keeper
from adapters.slack.mouth import SlackMouth
from adapters.slack.ours import about_of
from adapters.slack.place import origin_of
from core.events import Event, Finished, Planned, Selected, Started, fold
from core.types import Artifact, Author, Kind, Place, Request, Result, Selection, Task
from storage.blobs import MemoryBlobs
from tests.adapters.rooms import nowhere
from tests.adapters.slack.house import access
from tests.simulators.slack import Simulator
from tests.simulators.slack.people import Person
from tests.simulators.slack.world import Channel, Message

STREAMS = "chat.startStream"
"""What a workspace without streams does not know."""


@dataclass
class Talk:
    """A channel with somebody in it who asks, and whoever answers."""

    slack: Simulator
    ada: Person
    room: Channel
    blobs: MemoryBlobs = field(default_factory=MemoryBlobs)
    connections: list[Connection] = field(default_factory=list)

    def mouth(self, *, faster: float = 1e6, keeper: Keeper | None = None) -> SlackMouth:
        """Return a mouth, as a process of its own has one."""
        connection = Connection(access(self.slack))
        connection.faster = faster
        self.connections.append(connection)
        return SlackMouth(
            connection, self.blobs, Attached(connection, most=2**20, processing=0.5), nowhere, keeper=keeper
        )

    async def asked(self, text: str = "hello", *, root: Message | None = None) -> Request:
        """Return what somebody asks."""
        said = await self.ada.say(self.room, text, thread=root or "")
        origin = origin_of(self.slack.workspace.id, self.room.id, said.ts, root.ts if root else "")
        return Request(id=f"r{said.ts}", origin=origin, author=Author(id=self.ada.user.id, name="Ada"), text=text)

    def said(self, request: Request) -> list[Message]:
        """Return what stands in a request's thread of ours."""
        return self.slack.said(self.room, request.origin.conversation)

    def calls(self, method: str) -> list[dict[str, Any]]:
        """Return with what a method was called so far."""
        return [args for _, name, args in self.slack.web.calls if name == method]

    async def file(self, name: str = "speech.wav", data: bytes = b"RIFF....WAVE") -> Artifact:
        """Return a file that an answer can hold."""
        sha256 = await self.blobs.put(data)
        return Artifact(sha256=sha256, kind=Kind.AUDIO, mime="audio/wav", name=name, size=len(data))


@asynccontextmanager
async def talking() -> AsyncIterator[Talk]:
    """A talk in a Slack without limits, unless a test sets them."""
    async with Simulator() as slack:
        slack.web.limits.unlimited = True
        ada = slack.person("Ada")
        talk = Talk(slack, ada, slack.channel("general", ada))
        yield talk
        for connection in talk.connections:
            await connection.close()


def step(number: int = 0, *, model: str = "espeak-ng", kind: str = "text-to-speech") -> list[Event]:
    """Return a step that began."""
    chosen = Selection(task=number, model=model, place=Place.LOCAL, why="The only one here.")
    return [Planned(Task(id=number, type=kind, args={"text": "Hello"})), Selected(chosen), Started(number)]


def done(number: int = 0, *, model: str = "espeak-ng", **outputs: Any) -> Finished:
    """Return its end."""
    return Finished(Result(task=number, outputs=outputs, seconds=0.5, model=model, place=Place.LOCAL))


async def watched(mouth: SlackMouth, request: Request, events: Sequence[Event]) -> str:
    """Open a request and show each of its events; returns the handle."""
    handle = await mouth.open(request)
    for count in range(1, len(events) + 1):
        await mouth.show(request, handle, fold(events[:count]))
    return handle


def the_answer(talk: Talk, request: Request) -> Message:
    """Return the one message that stands in the thread at the end."""
    (only,) = talk.said(request)
    assert about_of(only.json()) == (request.id, "0")
    return only

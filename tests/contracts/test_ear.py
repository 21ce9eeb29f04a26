"""What every platform's ear must hold. A new platform joins by adding its harness to ``HARNESSES``."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Protocol

import anyio
import httpx
import pytest

from adapters.base import Hear
from adapters.discord.about import Forms
from adapters.discord.connection import Connection
from adapters.discord.ear import DiscordEar
from adapters.slack.connection import Connection as SlackConnection
from adapters.slack.ear import SlackEar
from adapters.terminal.ear import Message, TerminalEar
from adapters.terminal.files import Inbound
from adapters.web.desk import Desk
from adapters.web.ear import WebEar
from adapters.web.follow import Hub
from adapters.web.health import Health
from adapters.web.server import Address
from core.errors import Busy, JarvisError
from core.limits import Limits
from core.types import Mode, Request
from storage.blobs import MemoryBlobs
from storage.memory import MemoryStore
from tests.adapters.discord.house import access
from tests.adapters.rooms import administration, concierge, nowhere
from tests.adapters.slack.house import access as slack_access
from tests.simulators.discord import Simulator
from tests.simulators.slack import Simulator as SlackSimulator

pytestmark = pytest.mark.anyio


class Heard:
    """A door that writes down what it hears; with ``full`` it turns everybody away."""

    def __init__(self, *, full: bool = False) -> None:
        self.full = full
        self.requests: list[Request] = []
        self.modes: list[Mode | None] = []
        self.news = anyio.Event()

    async def __call__(self, request: Request, *, mode: Mode | None = None) -> bool:
        if self.full:
            raise Busy("Too much is waiting.")
        if any(known.id == request.id for known in self.requests):
            return False
        self.requests.append(request)
        self.modes.append(mode)
        self.news.set()
        return True


class Say(Protocol):
    """Says something on the platform; returns what its author reads at once, if anything."""

    async def __call__(self, text: str) -> str: ...


@asynccontextmanager
async def web(hear: Hear) -> AsyncIterator[Say]:
    """A program at the API. Nobody answers here, so it does not wait for the answer."""
    store, ready, urls = MemoryStore(), anyio.Event(), list[str]()
    desk = Desk(
        inbox=store.inbox,
        journal=store.journal,
        memory=store.memory,
        people=store.people,
        blobs=MemoryBlobs(),
        hub=Hub(),
        limits=Limits(),
    )

    def on_ready(url: str) -> None:
        urls.append(url)
        ready.set()

    ear = WebEar(desk, Address(port=0), Health({}, lambda: b""), on_ready=on_ready)
    async with anyio.create_task_group() as group, httpx.AsyncClient(timeout=1) as client:
        group.start_soon(ear.listen, hear)
        await ready.wait()

        async def say(text: str) -> str:
            try:
                answer = await client.post(
                    f"{urls[0]}/hugginggpt", json={"messages": [{"role": "user", "content": text}]}
                )
            except httpx.TimeoutException:
                return ""
            return str(answer.json()["message"])

        yield say
        group.cancel_scope.cancel()


@asynccontextmanager
async def terminal(hear: Hear) -> AsyncIterator[Say]:
    """A person at a terminal."""
    send, receive = anyio.create_memory_object_stream[Message]()
    refused: list[str] = []

    def refuse(error: JarvisError) -> None:
        refused.append(error.message)

    ear = TerminalEar("terminal-1", Inbound(nowhere), receive, refuse)
    async with anyio.create_task_group() as group, send, receive:
        group.start_soon(ear.listen, hear)

        async def say(text: str) -> str:
            refused.clear()
            await send.send(Message(text=text, conversation="talk"))
            await anyio.wait_all_tasks_blocked()
            return "".join(refused)

        yield say
        group.cancel_scope.cancel()


@dataclass
class Noted:
    """A door that takes down whether each request was taken."""

    hear: Hear
    taken: list[bool] = field(default_factory=list)

    async def __call__(self, request: Request, *, mode: Mode | None = None) -> bool:
        self.taken.append(False)
        fresh = await self.hear(request, mode=mode)
        self.taken[-1] = True
        return fresh


@asynccontextmanager
async def discord(hear: Hear) -> AsyncIterator[Say]:
    """Somebody who writes a direct message on Discord."""
    store = MemoryStore()
    async with Simulator() as here, anyio.create_task_group() as group:
        ada, connection, door = here.person("Ada"), Connection(access(here)), Noted(hear)

        forms = Forms(MemoryBlobs(), store.loose)
        ear = DiscordEar(connection, concierge(store), administration(store), store.memory, store.memberships, forms)
        group.start_soon(ear.listen, door)
        await here.ready()

        async def say(text: str) -> str:
            count, said = len(door.taken), len(here.said(ada.dm))
            await ada.say(ada.dm, text)
            await here.until(lambda: len(door.taken) > count and (door.taken[-1] or len(here.said(ada.dm)) > said))
            return "".join(message.text for message in here.said(ada.dm)[said:])

        yield say
        group.cancel_scope.cancel()
        with anyio.CancelScope(shield=True):
            await connection.close()


@asynccontextmanager
async def slack(hear: Hear) -> AsyncIterator[Say]:
    """Somebody who writes a direct message in Slack."""
    store = MemoryStore()
    async with SlackSimulator() as here, anyio.create_task_group() as group:
        ada, connection, door = here.person("Ada"), SlackConnection(slack_access(here)), Noted(hear)

        group.start_soon(SlackEar(connection, concierge(store), administration(store), store.memory).listen, door)
        await here.ready()

        async def say(text: str) -> str:
            count, said = len(door.taken), len(here.said(ada.dm))
            await ada.say(ada.dm, text)
            await here.until(lambda: len(door.taken) > count and (door.taken[-1] or len(here.said(ada.dm)) > said))
            return "".join(message.shown for message in here.said(ada.dm)[said:])

        yield say
        group.cancel_scope.cancel()
        with anyio.CancelScope(shield=True):
            await connection.close()


class Harness(Protocol):
    """Runs an ear for as long as the block lasts."""

    __name__: str

    def __call__(self, hear: Hear) -> AbstractAsyncContextManager[Say]: ...


HARNESSES: tuple[Harness, ...] = (web, terminal, discord, slack)


@pytest.fixture(params=HARNESSES, ids=lambda harness: harness.__name__)
def harness(request: pytest.FixtureRequest) -> Harness:
    """Each ear in turn."""
    made: Harness = request.param
    return made


async def test_what_is_said_becomes_a_request(harness: Harness) -> None:
    """Text, author and place are there, links are attachments, and two messages are two requests."""
    heard = Heard()
    async with harness(heard) as say:
        assert await say("What is in https://a.example/cat.png?") == ""
        assert await say("What is in https://a.example/cat.png?") == ""
    first, second = heard.requests
    assert first.text == "What is in https://a.example/cat.png?"
    assert [(file.name, file.address) for file in first.attachments] == [("cat.png", "https://a.example/cat.png")]
    assert first.author.id
    assert first.origin.platform
    assert first.origin.conversation
    assert first.id != second.id
    assert first.origin.key != second.origin.key


async def test_the_mode_of_the_place_is_left_to_the_door(harness: Harness) -> None:
    """Unless the message itself names a mode, the ear names none."""
    heard = Heard()
    async with harness(heard) as say:
        await say("Hi")
    assert heard.modes == [None]


async def test_who_is_turned_away_reads_why(harness: Harness) -> None:
    """When a request cannot be taken its author gets the sentence, and the ear goes on listening."""
    heard = Heard(full=True)
    async with harness(heard) as say:
        assert "Too much is waiting." in await say("Hi")
        heard.full = False
        await say("Hi again")
    assert [request.text for request in heard.requests] == ["Hi again"]

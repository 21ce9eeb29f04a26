"""The whole house in mode local: every part as installed, with tiny models for weights."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import anyio
import pytest

from adapters.terminal.ear import Message
from adapters.terminal.files import Inbound, Outbound
from adapters.terminal.mouth import Ended, TerminalMouth
from adapters.terminal.screen import Silent
from bot.cli.session import Session
from bot.compose import House, compose
from bot.settings import Settings
from core.controllers.embedded import EmbeddedController
from core.errors import JarvisError
from core.events import Event, Trace
from core.figures import Figures
from core.ports import NO_CHOICE, Brief, Choice, Controller, Draft, Piece, Tie
from core.types import Artifact, Media, Mode, Place
from storage.engine import open_engine
from storage.store import Store
from tests.tiny.zoo import hub_cache, registry

PATIENCE = 120.0
"""Seconds for one answer, models loaded by the way; a busy machine takes its time."""


@dataclass(frozen=True, slots=True)
class Heard:
    """An answer: what is in it, and all that happened on the way."""

    end: Ended
    events: Sequence[Event]
    notes: Sequence[str]  # of progress, as they were shown

    @property
    def trace(self) -> Trace:
        """What is known in the end."""
        return self.end.trace

    @property
    def text(self) -> str:
        """The answer's words. Fails where the request did."""
        assert self.trace.answer is not None, self.trace.failure
        return self.trace.answer.text

    @property
    def types(self) -> list[str]:
        """The task types of the plan, in order."""
        return [task.type for _, task in sorted(self.trace.tasks.items())]

    def number(self, type_: str) -> int:
        """Return the number of the only task of a type."""
        (number,) = (number for number, task in self.trace.tasks.items() if task.type == type_)
        return number

    def made(self, number: int, name: str) -> Artifact:
        """Return a file that a task made."""
        file = self.trace.results[number].outputs[name]
        assert isinstance(file, Artifact)
        return file


class Watching(Silent):
    """Remembers the progress that was shown."""

    def __init__(self) -> None:
        self.notes: dict[str, list[str]] = {}

    def show(self, request: str, trace: Trace) -> None:
        told = self.notes.setdefault(request, [])
        told += [one.note for one in trace.progress.values() if one.note not in told[-1:]]


@dataclass
class PlannedByHand:
    """Plans by script; the rules answer."""

    script: Sequence[Draft]
    name: str = "by hand"

    async def plan(self, brief: Brief) -> AsyncIterator[Piece]:
        """Yield the plan."""
        for piece in self.script:
            yield piece

    async def respond(self, brief: Brief, trace: Trace) -> AsyncIterator[Piece]:
        """Answer as the rules do."""
        async for piece in EmbeddedController().respond(brief, trace):
            yield piece

    async def choose(self, text: str, ties: Sequence[Tie]) -> Choice:
        """Leave it to the rule."""
        return NO_CHOICE


@dataclass
class Talk:
    """One conversation at a terminal of its own."""

    home: Home
    session: Session
    screen: Watching

    async def say(self, text: str, *files: Media, links: Sequence[str] = ()) -> Heard:
        """Say something with files, wait for the answer and hold it against what holds in every scenario."""
        paths = [str(self.home.put(file)) for file in files]

        async def once() -> AsyncIterator[Message]:
            yield Message(text=text, attach=(*paths, *links))

        with anyio.fail_after(PATIENCE):
            await self.session.converse(once(), _refuse)
        request, end = self.session.answers[-1]
        events = await self.session.house.store.journal.read(request.id)
        heard = Heard(end, events, self.screen.notes.get(request.id, ()))
        _hold(heard)
        return heard


@dataclass
class Home:
    """What the scenarios share."""

    house: House
    folder: Path
    talks: int = 0

    def put(self, file: Media) -> Path:
        """Write a file where the terminal can read it; every call a folder of its own."""
        self.talks += 1
        path = self.folder / str(self.talks) / file.name
        path.parent.mkdir(parents=True)
        path.write_bytes(file.data)
        return path

    @asynccontextmanager
    async def talk(self, name: str = "", *, plan: Controller | None = None, **changes: Any) -> AsyncIterator[Talk]:
        """Open a conversation, planned and answered by rules unless ``plan`` does it. With a name it goes on."""
        self.talks += 1
        house = replace(self.house, **changes)
        if plan is not None:
            house = replace(house, orchestrator=replace(house.orchestrator, controller=plan))
        name, screen = name or str(self.talks), Watching()
        inbound = Inbound(house.fetcher.fetch)
        outbound = Outbound(house.blobs, self.folder / "out" / name)
        session = Session(house, inbound, outbound, TerminalMouth(f"terminal-{name}", inbound, outbound, screen))
        async with anyio.create_task_group() as group:
            group.start_soon(session.work)
            yield Talk(self, session, screen)
            await session.finish()

    @asynccontextmanager
    async def talk_after_restart(self, name: str) -> AsyncIterator[Talk]:
        """Go on with a conversation as a bot started anew does: from what the disk holds, nothing remembered."""
        old, store = self.house.orchestrator, Store(open_engine(self.house.settings.database))
        mind = replace(old, memory=store.memory, results=store.results, figures=Figures())
        try:
            async with self.talk(name, store=store, orchestrator=mind) as talk:
                yield talk
        finally:
            await store.close()

    async def media(self, file: Artifact) -> Media:
        """Return a file with its content."""
        return Media(data=await self.house.blobs.get(file.sha256), kind=file.kind, mime=file.mime, name=file.name)


def _refuse(error: JarvisError) -> None:
    raise error


def _hold(heard: Heard) -> None:
    """Hold what holds always: the request ended in words, in no place but ours, and they name every model."""
    for number, result in heard.trace.results.items():
        assert result.place in (Place.EMBEDDED, Place.LOCAL), heard.trace.tasks[number].type
    for number in heard.trace.tasks:
        assert heard.trace.settled(number)
    assert heard.text.strip()


@asynccontextmanager
async def living() -> AsyncIterator[Home]:
    """Compose the house as ``bot`` does, with tiny models in place of the catalogue, and start its devices."""
    cache = await asyncio.to_thread(hub_cache)
    with tempfile.TemporaryDirectory(prefix="jarvis-scenarios-") as folder:
        settings = Settings(
            _env_file=None,  # type: ignore[call-arg] # known to pydantic-settings alone
            data_dir=Path(folder) / "data",
            mode=Mode.LOCAL,
            devices=("cpu",),
            device_memory_gb=6,
            hf_hub_cache=cache,
            hf_hub_offline=True,
            fetch_allow_private=True,
        )
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("bot.compose.make_registry", lambda *_: registry())
            async with compose(settings) as house:
                with anyio.fail_after(PATIENCE):
                    await house.executor.ready()
                yield Home(house, Path(folder))

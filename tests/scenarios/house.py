"""The whole house in any mode: every part as installed, tiny models for weights, a local Hub and router far away."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
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
from bot.executors import PRELOAD
from bot.settings import Settings
from core.contract import Model
from core.controllers.embedded import EmbeddedController
from core.errors import JarvisError
from core.events import Event, Trace
from core.figures import Figures
from core.ports import NO_CHOICE, Brief, Choice, Controller, Draft, Piece, Tie
from core.registry import Catalogue, Registry
from core.stages.policy import ALLOWED
from core.types import Artifact, Media, Mode, Place
from storage.engine import open_engine
from storage.store import Store
from tests.core.hosted.far import SERVED, TOKEN, catalogue
from tests.simulators.hub import Hub
from tests.simulators.repository import Repository
from tests.simulators.router import Router

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
        _hold(heard, ALLOWED[self.home.house.settings.mode])
        self.home.heard.append(heard)
        return heard


@dataclass
class Home:
    """What the scenarios share."""

    house: House
    folder: Path
    router: Router
    talks: int = 0
    heard: list[Heard] = field(default_factory=list)  # all answers, the latest last

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
        mouth = TerminalMouth(f"terminal-{name}", inbound, outbound, screen)
        session = Session(house, inbound, outbound, mouth, _yes)
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


def _hold(heard: Heard, places: Collection[Place]) -> None:
    """Hold what holds always: the request ended in words, every task at its end, in no place but those of the mode."""
    for number, result in heard.trace.results.items():
        assert result.place in places, heard.trace.tasks[number].type
    for number in heard.trace.tasks:
        assert heard.trace.settled(number)
    assert heard.text.strip()


@asynccontextmanager
async def living(mode: Mode = Mode.LOCAL, *, preload: Sequence[str] = PRELOAD) -> AsyncIterator[Home]:
    """Compose the house as ``bot`` does, with the places of ``mode``, and start them.

    Tiny models and those that the router serves stand in place of the catalogue. Children of the own device import
    ``preload`` first.
    """
    near, far = mode is not Mode.REMOTE, mode is not Mode.LOCAL
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="jarvis-scenarios-")))
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        router = await stack.enter_async_context(Router(SERVED, tokens=[TOKEN]))
        hub = await stack.enter_async_context(Hub(_repositories(folder / "far")))
        told: dict[str, Any] = {"hf_token": TOKEN, "hf_router_url": router.url, "hf_endpoint": hub.url} if far else {}
        settings = Settings(
            _env_file=None,  # type: ignore[call-arg] # known to pydantic-settings alone
            data_dir=folder / "data",
            mode=mode,
            devices=("cpu",) if near else ("none",),
            device_memory_gb=6,
            hf_hub_cache=await asyncio.to_thread(_weights) if near else folder,
            hf_hub_offline=True,
            fetch_allow_private=True,
            **told,
        )
        registry = Registry.discover(catalogue=_catalogue(near=near, far=far))
        patch.setattr("bot.compose.make_registry", lambda *_: registry)
        patch.setattr("bot.executors.PRELOAD", preload)
        house = await stack.enter_async_context(compose(settings))
        with anyio.fail_after(PATIENCE):
            await house.executor.ready()
            if hosted := house.executor.hosted:
                await hosted.availability.refresh(hosted.look_up)
        yield Home(house, folder, router)


def _weights() -> Path:
    from tests.tiny.zoo import hub_cache

    return hub_cache()


def _catalogue(*, near: bool, far: bool) -> Catalogue:
    tasks: dict[str, tuple[Model, ...]] = {}
    if near:
        from tests.tiny.zoo import catalogue as tiny

        tasks = {task: tuple(models) for task, models in tiny().items()}
    for task, models in catalogue().items() if far else ():
        tasks[task] = (*tasks.get(task, ()), *models)
    return tasks


def _repositories(folder: Path) -> Iterator[Repository]:
    """Yield what the Hub knows of the models that the router serves: nothing but who serves them."""
    folder.mkdir()
    for model in dict.fromkeys(one.model for one in SERVED):
        providers = {one.provider: one.mapping for one in SERVED if one.model == model}
        yield Repository(id=model, folder=folder, providers=providers)


async def _yes() -> bool:
    """Want every plan run."""
    return True

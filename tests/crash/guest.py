"""The process that is killed while it talks on Discord or Slack: real client, worker, orchestrator and SQL store."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import anyio

from adapters.base import Ear, Mouth
from adapters.discord.about import Forms
from adapters.discord.connection import Connection
from adapters.discord.ear import DiscordEar
from adapters.discord.login import Access
from adapters.discord.mouth import DiscordMouth
from adapters.fetch import Fetcher
from adapters.inbound import Inbound
from adapters.slack.access import Access as SlackAccess
from adapters.slack.connection import Connection as SlackConnection
from adapters.slack.ear import SlackEar
from adapters.slack.files import Attached
from adapters.slack.mouth import SlackMouth
from bot.answering import Desk
from bot.concierge import Concierge
from bot.reception import Reception
from bot.worker import Worker
from core.limits import Limits
from core.orchestrator import Orchestrator
from core.ports import Job, OnProgress, Say
from core.types import Mode, Value
from storage.blobs import FileBlobs
from storage.engine import open_engine
from storage.store import Store
from tests.adapters.rooms import administration, concierge
from tests.fakes import TOYS, FunctionExecutor, Piece, ScriptedController, echo, task

LEASE = 0.5  # seconds

PLAN: list[Piece] = [task(0, "picture", texts=["a"]), 0.05, task(1, text="b"), task(2, text="<resource-1>")]
ANSWER: list[Piece] = [Say("word " * 300), 0.1, Say("word " * 300), 0.1, Say("the end.")]
LAST_WORDS = "the end."


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms:
    """What both platforms share."""

    store: Store
    blobs: FileBlobs
    executor: FunctionExecutor
    fetcher: Fetcher

    def worker(self, mouth: Mouth) -> Worker:
        """Return who answers."""
        orchestrator = Orchestrator(
            registry=TOYS,
            controller=ScriptedController(PLAN, [ANSWER] * 1_000),
            executor=self.executor,
            blobs=self.blobs,
            memory=self.store.memory,
            results=self.store.results,
            rules=self.store.rules,
            limits=Limits(),
        )
        desk = Desk(
            inbox=self.store.inbox,
            journal=self.store.journal,
            memory=self.store.memory,
            orchestrator=orchestrator,
            observe=lambda _request, _event: None,
            worker=str(os.getpid()),
            lease=LEASE,
            attempts=100,  # each death is one
        )
        return Worker(desk=desk, mouths={mouth.platform: mouth}, poll=0.05)


def main(folder: str, access: Access | SlackAccess) -> None:
    """Listen and answer until killed."""
    anyio.run(_live, Path(folder), access)


async def _live(folder: Path, access: Access | SlackAccess) -> None:
    rooms = Rooms(
        store=Store(open_engine(f"sqlite+aiosqlite:///{folder / 'jarvis.db'}")),
        blobs=FileBlobs(folder / "blobs"),
        executor=FunctionExecutor(_slowly),
        fetcher=Fetcher(file_bytes=10**6, allow_private=True),
    )
    mouth, ear = _at_slack(rooms, access) if isinstance(access, SlackAccess) else _at_discord(rooms, access)
    worker, store = rooms.worker(mouth), rooms.store
    hear = Reception(inbox=store.inbox, modes=store.modes, limits=Limits(), mode=Mode.HYBRID, wake=worker.wake)
    async with anyio.create_task_group() as group:
        group.start_soon(worker.run)
        group.start_soon(ear(concierge(store, TOYS, rooms.executor, hear)).listen, hear)


def _at_discord(rooms: Rooms, access: Access) -> tuple[Mouth, Callable[[Concierge], Ear]]:
    connection, fetch = Connection(access), rooms.fetcher.fetch
    mouth = DiscordMouth(connection, rooms.blobs, Inbound(rooms.blobs, access.cdn, fetch, fetch))
    store, forms = rooms.store, Forms(rooms.blobs, rooms.store.loose)
    return mouth, lambda who: DiscordEar(connection, who, administration(store), store.memory, store.memberships, forms)


def _at_slack(rooms: Rooms, access: SlackAccess) -> tuple[Mouth, Callable[[Concierge], Ear]]:
    connection = SlackConnection(access)
    mouth = SlackMouth(connection, rooms.blobs, Attached(connection, most=10**6), rooms.fetcher.fetch)
    return mouth, lambda who: SlackEar(connection, who, administration(rooms.store), rooms.store.memory)


async def _slowly(job: Job, on_progress: OnProgress) -> Mapping[str, Value]:
    await anyio.sleep(random.random() * 0.1)
    return await echo(job, on_progress)

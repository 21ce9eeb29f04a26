"""The process that is killed while it talks on Discord: real client, worker, orchestrator and SQL store."""

from __future__ import annotations

import os
import random
from collections.abc import Mapping
from pathlib import Path

import anyio

from adapters.discord.ear import DiscordEar
from adapters.discord.line import Access, Line
from adapters.discord.mouth import DiscordMouth
from adapters.fetch import Fetcher
from adapters.inbound import Inbound
from bot.administration import Administration
from bot.answering import Desk
from bot.choices import Choices
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
from tests.fakes import TOYS, FunctionExecutor, Piece, ScriptedController, echo, task

LEASE = 0.5  # seconds

PLAN: list[Piece] = [task(0, "picture", texts=["a"]), 0.05, task(1, text="b"), task(2, text="<resource-1>")]
ANSWER: list[Piece] = [Say("word " * 300), 0.1, Say("word " * 300), 0.1, Say("the end.")]
LAST_WORDS = "the end."


def main(folder: str, access: Access) -> None:
    """Listen and answer until killed."""
    anyio.run(_live, Path(folder), access)


async def _live(folder: Path, access: Access) -> None:
    store = Store(open_engine(f"sqlite+aiosqlite:///{folder / 'jarvis.db'}"))
    blobs, line, executor = FileBlobs(folder / "blobs"), Line(access), FunctionExecutor(_slowly)
    orchestrator = Orchestrator(
        registry=TOYS,
        controller=ScriptedController(PLAN, [ANSWER] * 1_000),
        executor=executor,
        blobs=blobs,
        memory=store.memory,
        results=store.results,
        rules=store.rules,
        limits=Limits(),
    )
    desk = Desk(
        inbox=store.inbox,
        journal=store.journal,
        memory=store.memory,
        orchestrator=orchestrator,
        observe=lambda _request, _event: None,
        worker=str(os.getpid()),
        lease=LEASE,
        attempts=100,  # each death is one
    )
    fetcher = Fetcher(file_bytes=10**6, allow_private=True)
    mouth = DiscordMouth(line, blobs, Inbound(blobs, access.cdn, fetcher.fetch, fetcher.fetch))
    worker = Worker(desk=desk, mouths={"discord": mouth}, poll=0.05)
    hear = Reception(inbox=store.inbox, modes=store.modes, limits=Limits(), mode=Mode.HYBRID, wake=worker.wake)
    concierge = Concierge(
        inbox=store.inbox,
        journal=store.journal,
        people=store.people,
        ledger=store.ledger,
        modes=store.modes,
        registry=TOYS,
        executor=executor,
        mode=Mode.HYBRID,
        waiting=store.waiting,
        choices=Choices(registry=TOYS, executor=executor, rules=store.rules),
        hear=hear,
    )
    administration = Administration(
        rules=store.rules,
        modes=store.modes,
        bylaws=store.bylaws,
        audits=store.audit,
        spending=store.spending,
        registry=TOYS,
        mode=Mode.HYBRID,
    )
    async with anyio.create_task_group() as group:
        group.start_soon(worker.run)
        group.start_soon(DiscordEar(line, concierge, administration, store.memory, blobs).listen, hear)


async def _slowly(job: Job, on_progress: OnProgress) -> Mapping[str, Value]:
    await anyio.sleep(random.random() * 0.1)
    return await echo(job, on_progress)

"""The process that is killed: the real worker, orchestrator and SQL store, answering through a folder."""

from __future__ import annotations

import inspect
import os
import random
import signal
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, cast

import anyio
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.answering import Desk
from bot.reception import Reception
from bot.worker import Worker
from core.limits import Limits
from core.orchestrator import Orchestrator
from core.ports import Job, OnProgress
from core.stages.approval import Allowance
from core.types import Attachment, Mode, Request, Value
from storage.blobs import FileBlobs
from storage.engine import open_engine
from storage.store import Store
from storage.tables import requests as rows
from tests.crash.platform import FolderMouth
from tests.fakes import TOYS, FunctionExecutor, Piece, ScriptedController, echo, request, task

NEVER = 10**9
BY_CLOCK = ("renew", "show", "claim")
LEASE = 0.3  # seconds

PLAN: list[Piece] = [
    task(0, text="<attachment-0>"),
    task(1, text="<resource-0>"),
    task(2, "picture", texts=["<resource-0>"]),
    task(3, "look", image="<resource-2>"),
    task(4, text="<resource-1> and <resource-3>"),
    task(5, "picture", texts=["<resource-4>"]),
    task(6, "look", image="<resource-5>"),
    task(7, "picture", texts=["<resource-6>"]),
]
ANSWER = "0=<a>; 1=<<a>>; 2=; 3=saw <a>; 4=<<<a>>\nsaw <a>>; 5=; 6=saw <<<a>>\nsaw <a>>; 7="


class Axe:
    """Kills this very process at the ``at``-th step."""

    def __init__(self, at: int) -> None:
        self._left = at

    def step(self) -> None:
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


class Deadly:
    """Makes each call of a port two chances to die: before it and after it."""

    def __init__(self, port: object, axe: Axe) -> None:
        self._port = port
        self._axe = axe

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._port, name)
        # What the clock calls would make the steps differ from run to run.
        return self._calling(method) if inspect.iscoroutinefunction(method) and name not in BY_CLOCK else method

    def _calling(self, method: Callable[..., Any]) -> Callable[..., Any]:
        async def call(*args: Any, **named: Any) -> Any:
            self._axe.step()
            result = await method(*args, **named)
            self._axe.step()
            return result

        return call


def asked(number: int = 0) -> Request:
    """Return the message that the platform delivers, again after each restart."""
    files = (Attachment(name="a.txt", address="a", mime="text/plain"),)
    return request(f"go {number}", message=str(number), platform="folder", attachments=files, conversation=str(number))


def main(folder: str, die_at: int, requests: int = 1, seconds: float = 0.0, allowed: float = 0.0) -> None:
    """Answer all requests and return, unless the axe falls first at step ``die_at``.

    Plans that are expected to take longer than ``allowed`` seconds are held; somebody approves of each that rests.
    """
    anyio.run(_live, Path(folder), Axe(die_at), requests, seconds, Allowance(seconds=allowed))


async def _live(folder: Path, axe: Axe, requests: int, seconds: float, allowance: Allowance) -> None:
    engine = open_engine(f"sqlite+aiosqlite:///{folder / 'jarvis.db'}")
    store = Store(engine)
    inbox, journal, memory = (cast("Any", Deadly(port, axe)) for port in (store.inbox, store.journal, store.memory))
    executor = cast("Any", Deadly(FunctionExecutor(_logged(folder, seconds)), axe))
    orchestrator = Orchestrator(
        registry=TOYS,
        controller=ScriptedController(PLAN),
        executor=executor,
        blobs=cast("Any", Deadly(FileBlobs(folder / "blobs"), axe)),
        memory=memory,
        results=store.results,
        rules=store.rules,
        limits=Limits(),
        allowance=partial(_allowed, allowance),
    )
    desk = Desk(
        inbox=inbox,
        journal=journal,
        memory=memory,
        orchestrator=orchestrator,
        observe=lambda _request, _event: None,
        worker=str(os.getpid()),
        lease=LEASE,
        attempts=100,  # each death is one
        spending=cast("Any", Deadly(store.spending, axe)),
    )
    mouth = cast("Any", Deadly(FolderMouth(folder / "platform"), axe))
    worker = Worker(desk=desk, mouths={"folder": mouth}, poll=0.02)
    hear = Reception(inbox=inbox, modes=store.modes, limits=Limits(), mode=Mode.HYBRID, wake=worker.wake)
    async with anyio.create_task_group() as group:
        group.start_soon(worker.run)
        for number in range(requests):
            await hear(asked(number))
        while await _open(engine) or await _resting(engine):
            for name in await _resting(engine):
                await inbox.approve(name, "ada")
            await anyio.sleep(0.01)
        worker.stop()
    await store.close()


async def _allowed(allowance: Allowance, *_scopes: str) -> Allowance:
    return allowance


async def _resting(engine: AsyncEngine) -> list[str]:
    async with engine.connect() as connection:
        return list(await connection.scalars(select(rows.c.id).where(rows.c.parked_at.is_not(None))))


async def _open(engine: AsyncEngine) -> int:
    async with engine.connect() as connection:
        unsettled = select(func.count()).select_from(rows).where(rows.c.settled_at.is_(None))
        return (await connection.execute(unsettled)).scalar_one()


def _logged(folder: Path, seconds: float) -> Callable[[Job, OnProgress], Any]:
    """Run toys, writing down which: what was run twice can be seen."""

    async def run(job: Job, on_progress: OnProgress) -> Mapping[str, Value]:
        await anyio.sleep(seconds * random.random())
        result = await echo(job, on_progress)
        with (folder / "ran").open("a") as log:
            log.write(f"{time.time()} {job.id}\n")
        return result

    return run

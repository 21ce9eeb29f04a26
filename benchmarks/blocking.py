"""How long the event loop is held up while hosted inference is asked, with media of some megabytes in and out.

Run it with ``python -m benchmarks.blocking``. Requests go through the whole house as installed, in mode remote: files
are fetched, probed and kept, real child processes ask a router of this machine by the real client libraries, every
second question meets a fault, and results are kept and journaled. The router runs in a process of its own; so does a
loop that does nothing beside the same load, which tells how long the machine alone holds loops up.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import logging
import math
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import anyio
import structlog
from rich.console import Console
from rich.table import Table

from benchmarks.loop import Held, Witness, watched
from bot import compose as composing
from bot.compose import House, compose
from bot.settings import Settings
from core.contract import Model
from core.controllers.embedded import EmbeddedController
from core.events import Failed, Trace
from core.ports import Brief, Draft
from core.registry import Registry
from core.types import Attachment, Author, Mode, Origin, Request
from tests.simulators import answers
from tests.simulators.providers import Served
from tests.simulators.router import Router
from tests.simulators.wrong import Wrong

TOKEN = "hf_benchmark"  # noqa: S105 - for the router of this benchmark
TASKS = ("image-to-image", "object-detection", "image-to-text", "text-classification")
SERVED = [Served("hf-inference", task, f"far/{task}", seconds=0.05) for task in TASKS]
FAULTS = (
    Wrong(status=500),
    Wrong(status=503),
    Wrong(status=429, headers={"Retry-After": "0.2"}),
    Wrong(cut=True),
    Wrong(page=True),
    Wrong(rubbish=True),
)


class Planner(EmbeddedController):
    """Plans what the request names, without thinking."""

    async def plan(self, brief: Brief) -> AsyncIterator[Draft]:
        """Yield one task for each word."""
        for number, word in enumerate(brief.text.split()):
            given = {"text": f"I love {brief.text}"} if word == "text-classification" else {"image": "<attachment-0>"}
            more = {"prompt": "in winter"} if word == "image-to-image" else {}
            yield Draft(id=number, type=word, args={**given, **more})


def heavy(megabytes: float) -> bytes:
    """Return a picture of about so many megabytes: noise, which no format makes small."""
    from io import BytesIO
    from os import urandom

    from PIL import Image

    side = math.isqrt(round(megabytes * 2**20 / 3))
    file = BytesIO()
    Image.frombytes("RGB", (side, side), urandom(side * side * 3)).save(file, "PNG", compress_level=1)
    return file.getvalue()


# ---------------------------------------------------------------- the other processes


async def far(megabytes: float) -> None:
    """Be the router, until standard input ends."""
    answers.FILES["picture"] = heavy(megabytes)
    async with Router(SERVED, tokens=[TOKEN]) as server:
        server.alternate(*FAULTS)
        print(server.url, flush=True)
        await asyncio.to_thread(sys.stdin.read)


async def idle() -> None:
    """Be a loop that does nothing, until standard input ends; then tell how long it was held."""
    async with watched() as held:
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.read)
    print(json.dumps(held.told()), flush=True)


@asynccontextmanager
async def beside(*arguments: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """Run a part of this file as a process; comes with the first line that it says."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.blocking", *arguments, stdin=pipe, stdout=pipe
    )
    assert process.stdout
    try:
        yield process, (await process.stdout.readline()).decode().strip()
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


# ---------------------------------------------------------------- the load


@asynccontextmanager
async def living(url: str) -> AsyncIterator[House]:
    """Open a house that knows the router's models."""
    rows = {one.task: (Model(id=one.model, family="hosted", providers=(one.provider,)),) for one in SERVED}
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="jarvis-blocking-"))
        told: dict[str, Any] = {"hf_token": TOKEN, "hf_router_url": url, "hf_endpoint": "http://127.0.0.1:9"}
        settings = Settings(data_dir=Path(folder), mode=Mode.REMOTE, devices=("none",), hf_hub_offline=True, **told)
        registry = Registry.discover(catalogue=rows)
        with patch.object(composing, "make_registry", lambda *_: registry):
            house = await stack.enter_async_context(compose(settings))
        await house.executor.ready()
        if house.executor.hosted:
            await house.executor.hosted.ready()
        yield replace(house, orchestrator=replace(house.orchestrator, controller=Planner()))


async def answer(house: House, number: int, picture: bytes, ends: Counter[str]) -> None:
    """Have one request answered, journaled as a worker does."""

    async def fetch(_: str) -> AsyncIterator[bytes]:
        for at in range(0, len(picture), 64 * 1024):
            yield picture[at : at + 64 * 1024]
            await asyncio.sleep(0)

    origin = Origin(platform="bench", channel="c", conversation=f"t{number}", message=str(number))
    asked = Request(
        id=f"r{number}",
        origin=origin,
        author=Author(id=f"a{number}"),
        text=" ".join(TASKS),
        attachments=(Attachment(name=f"{number}.png", address=str(number)),),
        mode=Mode.REMOTE,
    )
    mind = house.orchestrator
    count = 0
    async with mind.answer(asked, Trace(), fetch) as events:
        async for event in events:
            await house.store.journal.append(asked.id, [event], after=count)
            count += 1
            assert not (isinstance(event, Failed) and event.task is None), event
            ends[type(event).__name__] += 1


async def load(house: House, requests: int, at_once: int, pictures: Sequence[bytes]) -> Counter[str]:
    """Have all requests answered, a few at once."""
    ends, turns = Counter[str](), anyio.Semaphore(at_once)

    async def one(number: int) -> None:
        async with turns:
            await answer(house, number, pictures[number % len(pictures)], ends)

    first = time.time_ns()
    async with anyio.create_task_group() as group:
        for number in range(first, first + requests):
            group.start_soon(one, number)
    return ends


async def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("part", nargs="?", choices=["far", "idle"], help="only for this file itself")
    options.add_argument("--requests", type=int, default=60)
    options.add_argument("--at-once", type=int, default=6)
    options.add_argument("--megabytes", type=float, default=5.0)
    given = options.parse_args()
    if given.part:
        await (idle() if given.part == "idle" else far(given.megabytes))
        return
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    pictures = [heavy(given.megabytes) for _ in range(4)]
    async with AsyncExitStack() as stack:
        _, url = await stack.enter_async_context(beside("far", "--megabytes", str(given.megabytes)))
        house = await stack.enter_async_context(living(url))
        await load(house, 2, 2, pictures)
        gc.collect()
        gc.freeze()  # as the bot does when it is ready
        control, _ = await stack.enter_async_context(beside("idle"))
        async with watched() as held:
            witness = Witness(held)
            witness.start()
            began = time.perf_counter()
            ends = await load(house, given.requests, given.at_once, pictures)
            seconds = time.perf_counter() - began
        told, _ = await control.communicate(b"")
        report(held, json.loads(told), witness, ends, seconds)


def report(held: Held, control: dict[str, float], witness: Witness, ends: Counter[str], seconds: float) -> None:
    """Print both loops side by side, and what held ours."""
    console = Console(width=140)
    table = Table("loop", "p99.9 [ms]", "longest [ms]", "longest work [ms]", "turns")
    for name, told in (("the bot's", held.told()), ("idle, beside it", control)):
        numbers = (f"{told[key]:.1f}" for key in ("p99.9", "longest", "work"))
        table.add_row(name, *numbers, f"{told['turns']:,.0f}")
    console.print(table)
    console.print(f"{seconds:.1f} s; {', '.join(f'{count} {name}' for name, count in ends.most_common())}")
    for place, count in witness.seen.most_common(12):
        console.print(f"{count:4} times late at {place}")


if __name__ == "__main__":
    anyio.run(main)

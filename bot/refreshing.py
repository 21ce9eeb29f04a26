"""Bringing the catalogue up to date: on demand, and in the background when what is known has grown old.

A child process asks the Hub; the store keeps what it tells. Bots that are running take notice: :mod:`bot.renewing`.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio
import structlog

from bot.beside import beside
from bot.settings import Settings
from core.catalogue.families import searches
from core.catalogue.snapshot import MODEL, snapshot
from core.errors import DeadlineExceeded, JarvisError, NotAvailable
from core.executors.pool import Pool
from core.experts.catalogue_refresh import TYPE
from core.ports import Executor, Find, Finds, Job
from core.registry import EXPERTS, Registry

log = structlog.get_logger()

LIMIT = 50
"""Models of a task type that the Hub is asked for."""

DELAY, PAUSE = 300.0, 3600.0
"""Seconds from the start to the first look at the catalogue's age, and from one look to the next."""


async def refresh(settings: Settings, finds: Finds, *, older: float = 0.0) -> AsyncIterator[tuple[str, Find]]:
    """Ask the Hub about the task types whose models are not known, or for longer than ``older`` seconds.

    Yields what it told about each, once it is stored. Raises NotAvailable where the Hub does not tell, StoreFailed.
    """
    if settings.hf_hub_offline:
        raise NotAvailable("HF_HUB_OFFLINE keeps the catalogue as it is.")
    known, now = await finds.read(), time.time()
    due = [task for task in sorted({*searches(), *snapshot()}) if task not in known or known[task].at <= now - older]
    if not due:
        return
    async with Pool(Registry.discover(*EXPERTS), types=[TYPE.name], slots=1, network=True) as pool:
        for task in due:
            find = await _asked(settings, pool, task)
            await finds.put(task, find)
            yield task, find


async def _asked(settings: Settings, executor: Executor, task: str) -> Find:
    inputs: dict[str, Any] = {
        "task": task,
        "known": [model.id for model in snapshot().get(task, ())],
        "limit": LIMIT,
        "endpoint": settings.hf_endpoint,
        "token": settings.hf_token.get_secret_value(),
    }
    job = Job(id=f"refresh {task}", type=TYPE.name, model="hub-list", inputs=inputs, seconds=TYPE.seconds)
    try:
        rows: Any = (await executor.run(job, lambda _fraction, _note: None))["models"]
    except DeadlineExceeded:
        raise NotAvailable(f"The Hub took too long to list models for {task}, or wants us to wait.") from None
    return Find(models=tuple(map(MODEL.validate_python, rows)), at=time.time())


@asynccontextmanager
async def refreshed(settings: Settings, finds: Finds, *, delay: float = DELAY) -> AsyncIterator[None]:
    """Have the catalogue brought up to date during the block whenever it is older than the settings say."""
    if settings.hf_hub_offline or not settings.catalogue_days:
        yield
        return
    async with beside(_follow, settings, finds, delay):
        yield


async def _follow(settings: Settings, finds: Finds, delay: float) -> None:
    await anyio.sleep(delay)
    while True:
        try:
            async for task, find in refresh(settings, finds, older=settings.catalogue_days * 86_400.0):
                log.info("catalogue refreshed", task=task, models=len(find.models))
        except JarvisError as error:
            log.info("catalogue not refreshed", why=error.message)
        except Exception:
            log.exception("catalogue not refreshed")
        await anyio.sleep(PAUSE)

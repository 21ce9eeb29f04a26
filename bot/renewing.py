"""New models take effect at once: a bot that is running notices that the catalogue was brought up to date.

It may have been itself, or ``python -m bot models --refresh`` in another process: the store tells.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
import structlog
from anyio import to_thread

from bot.beside import beside
from bot.executors import Executors, make_registry
from core.errors import JarvisError
from core.ports import Finds

log = structlog.get_logger()

LOOK = 15.0
"""Seconds between two looks into the store; each is one small question."""


@asynccontextmanager
async def renewed(executors: Executors, finds: Finds, *, since: float) -> AsyncIterator[None]:
    """Have the executors offer, during the block, what the store has learnt after ``since`` (Unix seconds)."""
    async with beside(_follow, executors, finds, since):
        yield


async def _follow(executors: Executors, finds: Finds, since: float) -> None:
    known = since
    while True:
        await anyio.sleep(LOOK)
        try:
            if (latest := await finds.latest()) > known:
                fresh = await to_thread.run_sync(make_registry, await finds.read())
                await executors.renew(fresh)
                known = latest
                log.info("catalogue renewed", models=len({card.model.id for card in fresh.cards}))
        except JarvisError as error:
            log.info("catalogue not renewed", why=error.message)
        except Exception:  # what is known will do, and the bot lives on
            log.exception("catalogue not renewed")

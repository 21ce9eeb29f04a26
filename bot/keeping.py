"""The models' figures between two lives of the bot: loaded at the start, written now and then, never waited for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
import structlog

from bot.beside import beside
from core.errors import JarvisError
from core.figures import Figures
from core.ports import Ledger

log = structlog.get_logger()

PAUSE = 30.0
"""Seconds between two looks: what a crash costs at most, and how late other processes learn."""


@asynccontextmanager
async def kept(figures: Figures, ledger: Ledger, *, pause: float = PAUSE) -> AsyncIterator[None]:
    """Keep ``figures`` in step with ``ledger`` during the block, and write what is new at its end.

    Raises StoreFailed where they cannot be loaded.
    """
    figures.learn(await ledger.read())
    try:
        async with beside(_follow, figures, ledger, pause):
            yield
    finally:
        with anyio.CancelScope(shield=True), anyio.move_on_after(5):
            await exchange(figures, ledger)


async def _follow(figures: Figures, ledger: Ledger, pause: float) -> None:
    while True:
        await anyio.sleep(pause)
        await exchange(figures, ledger)


async def exchange(figures: Figures, ledger: Ledger) -> None:
    """Write what is new here and learn what is new elsewhere; what cannot be written now is written later."""
    news = figures.news()
    try:
        await ledger.add(news)
    except JarvisError as error:
        log.warning("figures not kept", why=error.message)
        figures.give_back(news)
        return
    try:
        figures.learn(await ledger.read())
    except JarvisError as error:
        log.warning("figures not read", why=error.message)

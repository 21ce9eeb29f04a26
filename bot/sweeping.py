"""What nobody is to keep any longer is deleted: requests after their time, files after the last who had them."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import anyio
import structlog

from bot.beside import beside
from core.bylaws import Bylaw, Charter, Decision, charter
from core.errors import JarvisError
from core.ports import Archive, Blobs, Bylaws, Loose
from core.spending import DAY

log = structlog.get_logger()

PAUSE = 3600.0
"""Seconds between two sweeps."""

DELAY = 60.0
"""Seconds before the first: a bot that has just started has better things to do."""

HOUR = 3600.0
"""Files that were put more lately stay: whoever put them may be about to refer to them."""

MINUTE = 60.0
"""Files that are loose for less stay: whoever has just read of them may be about to refer to them."""

SOME = 100
"""Files between two looks."""

EVER = 0.0
"""The time before which nothing was said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweeper:
    """Deletes in small portions; several processes may do so at once."""

    archive: Archive
    loose: Loose
    bylaws: Bylaws
    blobs: Blobs
    settings: Charter

    async def sweep(self) -> None:
        """Delete what is too old, and the files that nobody refers to any more. Raises StoreFailed."""
        now = time.time()
        before, places = times(await self.bylaws.read(), self.settings, now)
        requests = await self.archive.prune(before, places)
        files = await self.files(now - MINUTE)
        if requests or files:
            log.info("swept", requests=requests, files=files)

    async def files(self, before: float | None = None) -> int:
        """Delete files that are loose since ``before``, or that are so now; returns how many. Raises StoreFailed."""
        now, gone = time.time(), 0
        while names := await self.loose.files(now if before is None else before, limit=SOME):
            deleted = [name for name in names if await self.blobs.delete(name, older=HOUR)]
            await self.loose.gone(deleted)
            for name in set(names) - set(deleted):
                await self.loose.add(name, now + HOUR)
            gone += len(deleted)
        return gone


def times(decisions: Iterable[Decision], settings: Charter, now: float) -> tuple[float, dict[str, float]]:
    """Return before when all is deleted, Unix seconds: by the settings, and by scope where somebody decided."""
    decided = [one for one in decisions if one.bylaw is Bylaw.RETENTION_DAYS]
    kept = {one.scope: charter([one], settings).retention_days for one in decided}
    cut = {scope: now - days * DAY if days else EVER for scope, days in kept.items()}
    return (now - settings.retention_days * DAY if settings.retention_days else EVER), cut


@asynccontextmanager
async def swept(sweeper: Sweeper, *, delay: float = DELAY, pause: float = PAUSE) -> AsyncIterator[None]:
    """Sweep now and then during the block; what fails is tried again the next time."""
    async with beside(_follow, sweeper, delay, pause):
        yield


async def _follow(sweeper: Sweeper, delay: float, pause: float) -> None:
    await anyio.sleep(delay)
    while True:
        try:
            await sweeper.sweep()
        except JarvisError as error:
            log.warning("not swept", why=error.message)
        except Exception:
            log.exception("not swept")
        await anyio.sleep(pause)

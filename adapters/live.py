"""Latest wins: a slow platform never slows a task, and a failing one never ends a request."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
import structlog

from adapters.base import Mouth
from core.events import Trace
from core.safety import cleared
from core.types import Request

SHOW_SECONDS = 20.0
"""How long one picture may take before the next newer one is tried instead."""

log = structlog.get_logger(__name__)


class Live:
    """Shows one request's progress through a mouth, at the platform's pace. :func:`live` makes it."""

    def __init__(self, mouth: Mouth, request: Request, handle: str) -> None:
        """Speak through ``mouth`` into the message ``handle`` that its ``open`` returned."""
        self._mouth = mouth
        self._request = request
        self._handle = handle
        self._newest: Trace | None = None
        self._news = anyio.Event()
        self._showing = anyio.CancelScope()
        self._quiet = anyio.Event()

    def show(self, trace: Trace) -> None:
        """Take the newest picture and return at once; pictures that nobody came to show are forgotten."""
        self._newest = trace
        self._news.set()

    async def finish(self, trace: Trace) -> str:
        """Show the end and return the handle of the message that holds it. Raises what the mouth raises."""
        await self._stop()
        return await self._mouth.finish(self._request, self._handle, self._cleared(trace))

    async def rest(self, trace: Trace) -> None:
        """Show where the request rests until somebody decides, as the last picture. Raises what the mouth raises."""
        await self._stop()
        with anyio.fail_after(SHOW_SECONDS):
            await self._mouth.show(self._request, self._handle, self._cleared(trace))

    async def _stop(self) -> None:
        self._showing.cancel()  # the last picture supersedes all before
        await self._quiet.wait()

    def _cleared(self, trace: Trace) -> Trace:
        """Return what the platform may get to see."""
        return cleared(self._request, trace, spoilers=self._mouth.capabilities.spoilers)

    async def keep_showing(self) -> None:
        """Show the newest picture whenever there is one, until :meth:`finish`."""
        try:
            with self._showing:
                while True:
                    await self._news.wait()
                    self._news = anyio.Event()
                    await self._show_newest()
                    await anyio.sleep(1 / self._mouth.capabilities.edits_per_second)
        finally:
            self._quiet.set()

    async def _show_newest(self) -> None:
        newest, self._newest = self._newest, None
        if newest is None:
            return
        try:
            with anyio.fail_after(SHOW_SECONDS):
                await self._mouth.show(self._request, self._handle, self._cleared(newest))
        except Exception as error:  # noqa: BLE001 - whatever it is, only this picture is lost
            log.warning("picture lost", request=self._request.id, platform=self._mouth.platform, error=repr(error))


@asynccontextmanager
async def live(mouth: Mouth, request: Request, handle: str) -> AsyncIterator[Live]:
    """Show a request's progress for as long as the block lasts; leaving it ends the one task in the background."""
    shown = Live(mouth, request, handle)
    failed: Exception | None = None
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(shown.keep_showing)
        try:
            yield shown
        except Exception as error:  # noqa: BLE001 - raised below: a task group would wrap it
            failed = error
        tasks.cancel_scope.cancel()
    if failed is not None:
        raise failed

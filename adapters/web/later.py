"""A page that takes seconds to make must not keep the API waiting."""

from __future__ import annotations

from collections.abc import Callable

import anyio
import anyio.to_thread
from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send


class Later:
    """Stands in for an application that is still being made: whoever calls it waits."""

    def __init__(self) -> None:
        """Hold everybody back."""
        self._made = anyio.Event()
        self._app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wait for the application and pass on."""
        await self._made.wait()
        assert self._app is not None  # noqa: S101 - made
        await self._app(scope, receive, send)

    async def make(self, load: Callable[[], object], build: Callable[[], FastAPI]) -> None:
        """Run ``load`` in a thread, then ``build``, and keep what it returns running until cancelled."""
        await anyio.to_thread.run_sync(load, abandon_on_cancel=True)
        app = build()
        async with app.router.lifespan_context(app):
            self._app = app
            self._made.set()
            await anyio.sleep_forever()

"""Hears the web: one server for the page, the API and what watches over them."""

from __future__ import annotations

import importlib
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import anyio
from fastapi import FastAPI

from adapters.base import Hear
from adapters.web import server
from adapters.web.api import Api
from adapters.web.desk import Desk
from adapters.web.errors import speak_json
from adapters.web.guard import Guard
from adapters.web.health import Health
from adapters.web.later import Later
from adapters.web.server import Address
from adapters.web.visitor import Visitor

PAGE = "adapters.web.page"
"""Imports Gradio, which takes seconds: that happens while the API is serving already."""

BODY_FILES = 4
"""One body holds at most as much as so many of the largest files."""


class WebEar:
    """Listens at one address."""

    def __init__(
        self,
        desk: Desk,
        address: Address,
        health: Health,
        *,
        examples: Sequence[str] = (),
        on_ready: Callable[[str], None] = print,
    ) -> None:
        """Answer at ``address``, where ``health`` can be asked, too.

        ``examples`` are shown on the empty page; ``on_ready`` gets the page's URL once it can be opened.
        """
        self._desk = desk
        self._address = address
        self._health = health
        self._examples = examples
        self._on_ready = on_ready

    async def listen(self, hear: Hear) -> None:
        """Serve until cancelled. Raises BadSetting when the address cannot be had."""
        bound, page = server.bind(self._address), Later()
        with bound, tempfile.TemporaryDirectory(prefix="jarvis-web-", ignore_cleanup_errors=True) as folder:
            build = partial(self._page, hear, Path(folder))
            async with anyio.create_task_group() as group:
                group.start_soon(page.make, partial(importlib.import_module, PAGE), build)
                await server.run(self._app(hear, page), bound, self._on_ready)
                group.cancel_scope.cancel()

    def _app(self, hear: Hear, page: Later) -> FastAPI:
        app = _bare()
        body_bytes = BODY_FILES * self._desk.limits.file_bytes
        app.add_middleware(Visitor)
        address = self._address
        app.add_middleware(Guard, hosts=address.names, origins=address.also, body_bytes=body_bytes)
        speak_json(app)
        app.include_router(self._health.router())
        app.include_router(Api(self._desk, hear).router())
        app.mount("/", page)
        return app

    def _page(self, hear: Hear, folder: Path) -> FastAPI:
        from adapters.web.page import mount

        app = _bare()
        mount(app, self._desk, hear, examples=self._examples, folder=folder)
        return app


def _bare() -> FastAPI:
    """Return an application without pages about itself: those load their scripts from elsewhere."""
    return FastAPI(title="JARVIS", docs_url=None, redoc_url=None, openapi_url=None)

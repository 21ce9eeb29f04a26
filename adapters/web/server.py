"""The web server: takes its port or says why not, and goes down gracefully when cancelled."""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import anyio
import uvicorn
from fastapi import FastAPI

from adapters.web.leaving import Leaving
from core.errors import BadSetting

GRACE_SECONDS = 3
"""For answers under way when the server goes down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where to listen."""

    host: str = "127.0.0.1"
    port: int = 7860  # 0: any free one
    also: tuple[str, ...] = ()  # further names under which browsers may call us

    @property
    def names(self) -> tuple[str, ...]:
        """All names under which browsers may call us."""
        return (self.host, *self.also)


def bind(where: Address) -> socket.socket:
    """Return a socket that owns the address. Raises BadSetting naming WEB_HOST or WEB_PORT."""
    host, port = where.host, where.port
    try:
        family, kind, protocol, _, found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        bound = socket.socket(family, kind, protocol)
    except OSError:
        raise BadSetting(f"WEB_HOST must be a name or address of this machine, not {host!r}.") from None
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(found)
        bound.listen(128)  # so that a second server on the port is refused now, not later
    except OSError as error:
        bound.close()
        raise BadSetting(_why_not(error, host, port)) from None
    return bound


def url_of(bound: socket.socket) -> str:
    """Return the URL under which a person on this machine opens the page."""
    host, port = bound.getsockname()[:2]
    if host in {"0.0.0.0", "::"}:  # noqa: S104 - everywhere includes here
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


async def run(app: FastAPI, bound: socket.socket, on_ready: Callable[[str], None]) -> None:
    """Serve ``app`` until cancelled; ``on_ready`` gets the URL once it can be opened."""
    leaving = Leaving(app)
    config = uvicorn.Config(
        leaving, log_config=None, access_log=False, ws="none", timeout_graceful_shutdown=2 * GRACE_SECONDS
    )
    server = _Server(config, leaving, lambda: on_ready(url_of(bound)))
    async with anyio.create_task_group() as group:
        group.start_soon(_serve, server, bound)
        try:
            await server.gone.wait()
        finally:
            server.should_exit = True


async def _serve(server: _Server, bound: socket.socket) -> None:
    with anyio.CancelScope(shield=True):  # cancelling lets it finish, for GRACE_SECONDS
        try:
            await server.serve(sockets=[bound])
        finally:
            server.gone.set()


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, leaving: Leaving, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self.gone = anyio.Event()
        self._leaving = leaving
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(self._end_requests)
            await super().shutdown(sockets)
            group.cancel_scope.cancel()

    async def _end_requests(self) -> None:
        self._leaving.end("GET")  # open pages, which would stay for ever
        await anyio.sleep(GRACE_SECONDS)
        self._leaving.end()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the program that this server is a part of."""
        yield


def _why_not(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} is in use, by JARVIS already or by another program: stop that, or set WEB_PORT to a free one."
        )
    if error.errno in {errno.EACCES, errno.EPERM}:
        return f"WEB_PORT {port} needs more rights than JARVIS has. Set it to one above 1023."
    return f"WEB_HOST must be a name or address of this machine, not {host!r}."

"""How Slack's word comes in: sockets that we open, or requests that it sends to our address."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, TypeAlias

import anyio
import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow

from adapters.slack.socket import Socket, hung_up
from core.errors import BadSetting

EVENTS = "/slack/events"
INSTALL = "/slack/install"
REDIRECT = "/slack/oauth_redirect"

MOST_BYTES = 4 * 2**20
"""Of what Slack sends at once."""

_TIME = re.compile(r"[0-9]{1,12}")

OnSession: TypeAlias = Callable[[], Awaitable[object]]
"""Is called when Slack can reach us, perhaps again."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where this process listens."""

    host: str = "127.0.0.1"
    port: int = 3000


async def listen_on_sockets(app: AsyncApp, token: str, count: int, on_session: OnSession) -> None:
    """Listen on ``count`` sockets until cancelled; lost ones are opened again.

    ``on_session`` is called whenever one is open and none was before. Raises BadSetting where Slack refuses the token.
    """
    sockets: list[Socket] = []

    async def heard(client: Any, message: dict[str, Any], _raw: str | None) -> None:
        if message.get("type") != "hello":
            return
        others = [socket.client for socket in sockets if socket.client is not client]
        if not any([await other.is_connected() for other in others]):
            await on_session()

    try:
        for _ in range(count):
            socket = Socket(app, token)
            sockets.append(socket)
            socket.client.message_listeners.append(heard)
            await socket.open()
        log.info("listening", platform="slack", sockets=count)
        await anyio.sleep_forever()
    finally:
        with anyio.CancelScope(shield=True):
            for socket in sockets:
                await hung_up(socket)


async def listen_at_address(app: AsyncApp, address: Address, *, events: bool, on_session: OnSession) -> None:
    """Take requests until cancelled: Slack's ``events``, and people who install the app.

    Raises BadSetting where the address is taken.
    """
    runner = web.AppRunner(web_app(app, events=events), access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, address.host, address.port)
        try:
            await site.start()
        except OSError as error:
            raise BadSetting(f"SLACK_HOST and SLACK_PORT: cannot listen on {address}: {error.strerror}.") from error
        log.info("listening", platform="slack", host=address.host, port=address.port)
        await on_session()
        await anyio.sleep_forever()
    finally:
        with anyio.CancelScope(shield=True):
            await runner.cleanup()


def web_app(app: AsyncApp, *, events: bool) -> web.Application:
    """Return what answers at our address; without ``events`` nobody can tell us anything there."""
    made = web.Application(client_max_size=MOST_BYTES)
    if events:

        async def told(request: web.Request) -> web.StreamResponse:
            try:
                said = await to_bolt_request(request)
            except (AttributeError, TypeError, ValueError):  # what cannot be read was not written by Slack
                return web.Response(status=HTTPStatus.BAD_REQUEST)
            if not _may_be_signed(request.headers):
                return web.Response(status=HTTPStatus.UNAUTHORIZED)
            return await to_aiohttp_response(await app.async_dispatch(said))

        made.router.add_post(EVENTS, told)
    if app.oauth_flow is not None:
        _let_install(made, app.oauth_flow)
    return made


def _may_be_signed(headers: Mapping[str, str]) -> bool:
    """Whether time and signature are such that the library can check them: it stumbles over anything else."""
    time, signature = (headers.get(name, "") for name in ("X-Slack-Request-Timestamp", "X-Slack-Signature"))
    return signature.isascii() and (not time or _TIME.fullmatch(time) is not None)


def _let_install(made: web.Application, flow: AsyncOAuthFlow) -> None:
    async def install(request: web.Request) -> web.StreamResponse:
        return await to_aiohttp_response(await flow.handle_installation(await to_bolt_request(request)))

    async def installed(request: web.Request) -> web.StreamResponse:
        return await to_aiohttp_response(await flow.handle_callback(await to_bolt_request(request)))

    made.router.add_get(flow.install_path, install)
    made.router.add_get(flow.redirect_uri_path, installed)

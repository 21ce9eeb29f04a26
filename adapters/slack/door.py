"""How Slack's word comes in: sockets that we open, or requests that it sends to our address."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import anyio
import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_sdk.errors import SlackApiError

from adapters.slack.errands import LOST, reason
from adapters.slack.membership import GONE, NO_SOCKET
from core.errors import BadSetting

USELESS = GONE | {"not_allowed_token_type", "missing_scope"}
"""What Slack says about an app token that never will open a socket."""

PAUSE_SECONDS = 5.0
"""Between tries while Slack is away."""

PING_SECONDS = 5.0
"""Between two looks whether a socket still lives."""

EVENTS = "/slack/events"
INSTALL = "/slack/install"
REDIRECT = "/slack/oauth_redirect"

MOST_BYTES = 4 * 2**20
"""Of what Slack sends at once."""

OnSession: TypeAlias = Callable[[], Awaitable[object]]
"""Is called when Slack can reach us, perhaps again."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where this process listens."""

    host: str = "127.0.0.1"
    port: int = 3000


async def listen_on_sockets(app: AsyncApp, token: str, count: int, on_session: OnSession) -> None:
    """Listen on ``count`` sockets until cancelled; the library opens lost ones again.

    ``on_session`` is called whenever one is open and none was before. Raises BadSetting where Slack refuses the token.
    """
    handlers: list[AsyncSocketModeHandler] = []

    async def heard(client: Any, message: dict[str, Any], _raw: str | None) -> None:
        if message.get("type") != "hello":
            return
        others = [handler.client for handler in handlers if handler.client is not client]
        if not any([await other.is_connected() for other in others]):
            await on_session()

    try:
        for _ in range(count):
            first = await _ticket(app, token)
            handler = AsyncSocketModeHandler(app, token, ping_interval=PING_SECONDS)
            handlers.append(handler)
            handler.client.message_listeners.append(heard)
            handler.client.wss_uri = first
            await handler.connect_async()  # type: ignore[no-untyped-call]
        log.info("listening", platform="slack", sockets=count)
        await anyio.sleep_forever()
    finally:
        with anyio.CancelScope(shield=True):
            for handler in handlers:
                await hung_up(handler)


async def hung_up(handler: AsyncSocketModeHandler) -> None:
    """Close a socket; one that is being opened again this moment would outlive that, so it is waited for a little."""
    with anyio.move_on_after(2):
        async with handler.client.connect_operation_lock:
            pass
    await handler.close_async()  # type: ignore[no-untyped-call]


async def _ticket(app: AsyncApp, token: str) -> str:
    """Return the address of a socket, as soon as Slack gives one."""
    while True:
        try:
            said = await app.client.apps_connections_open(app_token=token)
            return str(said["url"])
        except LOST as error:
            if isinstance(error, SlackApiError) and (why := reason(error)) in GONE | {
                "not_allowed_token_type",
                "missing_scope",
            }:
                raise BadSetting(NO_SOCKET.format(why=why)) from error
            log.warning("cannot connect to Slack", why=reason(error))
            await anyio.sleep(PAUSE_SECONDS)


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
            return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

        made.router.add_post(EVENTS, told)
    if app.oauth_flow is not None:
        _let_install(made, app.oauth_flow)
    return made


def _let_install(made: web.Application, flow: AsyncOAuthFlow) -> None:
    async def install(request: web.Request) -> web.StreamResponse:
        return await to_aiohttp_response(await flow.handle_installation(await to_bolt_request(request)))

    async def installed(request: web.Request) -> web.StreamResponse:
        return await to_aiohttp_response(await flow.handle_callback(await to_bolt_request(request)))

    made.router.add_get(flow.install_path, install)
    made.router.add_get(flow.redirect_uri_path, installed)

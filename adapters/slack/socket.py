"""A socket to Slack: the library's own, but for how it comes by the address that it connects to.

Slack takes each address once, and not for long. The library would try the same one for ever, so here each try has its
own; and where Slack gives none, the next question waits longer.
"""

from __future__ import annotations

import logging
from time import time

import anyio
import structlog
from slack_bolt.adapter.socket_mode.async_base_handler import AsyncBaseSocketModeHandler
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from adapters.slack.errands import LOST, reason
from adapters.slack.membership import GONE, NO_SOCKET
from core.errors import BadSetting

USELESS = GONE | {"not_allowed_token_type", "missing_scope"}
"""What Slack says about an app token that never will open a socket."""

PAUSE_SECONDS, MOST_SECONDS = 5.0, 60.0
"""Between questions while Slack is away: at first, and at most."""

PING_SECONDS = 5.0
"""Between two looks whether a socket still lives; the library waits as long after a try that failed."""

OPEN_SECONDS = 4.5
"""How long one try to connect may take."""

UNREADABLE = "it answers nothing that can be read"

log = structlog.get_logger(__name__)


class Socket(AsyncBaseSocketModeHandler):
    """Brings the app what comes in over one socket."""

    app: AsyncApp
    client: SocketModeClient

    def __init__(self, app: AsyncApp, token: str) -> None:
        """Listen for ``app``; ``token`` is an app's, not a bot's."""
        self.app = app
        self.client = Client(token, logger=_library(), web_client=app.client, ping_interval=PING_SECONDS)
        self.client.socket_mode_request_listeners.append(self._hear)

    async def open(self) -> None:
        """Open it, as soon as Slack lets us. Raises BadSetting where it never will."""
        self.client.wss_uri = await address(self.client, first=True)
        await self.connect_async()  # type: ignore[no-untyped-call]

    async def _hear(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        began, answer = time(), await run_async_bolt_app(self.app, request)
        await send_async_response(client, request, answer, began)


class Client(SocketModeClient):
    """The library's client."""

    wss_uri: str | None

    async def issue_new_wss_url(self) -> str:
        return await address(self)

    async def connect(self) -> None:
        while not self.closed:
            self.wss_uri = self.wss_uri or await address(self)
            with anyio.move_on_after(OPEN_SECONDS):
                await super().connect()  # type: ignore[no-untyped-call]
                return
            self.wss_uri = None


async def hung_up(handler: AsyncBaseSocketModeHandler) -> None:
    """Close a socket; one that is being opened again this moment would outlive that, so it is waited for a little."""
    with anyio.move_on_after(2):
        async with handler.client.connect_operation_lock:
            pass
    await handler.close_async()  # type: ignore[no-untyped-call]


async def address(client: SocketModeClient, *, first: bool = False) -> str:
    """Return where a socket can be opened, as soon as Slack tells. ``first``: raises BadSetting where it never will."""
    pause = PAUSE_SECONDS
    while True:
        try:
            said = await client.web_client.apps_connections_open(app_token=client.app_token)
            return str(said["url"])
        except LOST as error:
            why = reason(error)
            useless = isinstance(error, SlackApiError) and why in USELESS
            if useless and first:
                raise BadSetting(NO_SOCKET.format(why=why)) from error
            log.warning("cannot connect to Slack", why=NO_SOCKET.format(why=why) if useless else why or UNREADABLE)
        await anyio.sleep(pause)
        pause = min(2 * pause, MOST_SECONDS)


def _library() -> logging.Logger:
    """Return the logger of the library's sockets: a network that is away needs no traceback."""
    made = logging.getLogger("slack_sdk.socket_mode")
    made.addFilter(_without_traceback)
    return made


def _without_traceback(record: logging.LogRecord) -> bool:
    record.exc_info = None
    return True

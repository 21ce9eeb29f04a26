"""What stands before every web request: who may call, how much may be sent, what a page of ours may load.

A server on loopback can be reached by every web page that the person visits. Two checks keep such pages out: the
Host header must be a name of ours (a foreign name may be made to resolve to this machine), and whatever changes
something must come from a page of ours, which browsers tell in the Origin header.
"""

from __future__ import annotations

import socket
from collections.abc import Collection, Mapping
from contextlib import suppress
from ipaddress import ip_address
from urllib.parse import urlsplit

import anyio
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'self'; "
    "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "  # Gradio's own
    "style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; "
    "media-src 'self' data: blob:; "
    "font-src 'self' data:; "
    "connect-src 'self' data: blob:; "
    "worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
"""Nothing is loaded from elsewhere: the page works offline, and a picture in an answer cannot carry words away."""

OTHERS = (
    "Other web pages may not send requests to JARVIS. "
    "Set WEB_ALLOWED_HOSTS if this is its own page, which a proxy shows under another name."
)

HANG_UP = {"Connection": "close"}
"""Otherwise whoever sends too much could go on sending."""

DIGITS = 18
"""Of a length: more bytes than so many can tell are too many anyway."""

STALLED_SECONDS = 60.0
"""Without a further piece of a body."""


class Guard:
    """Lets through what a person on one of our own pages, or a program without a browser, sends."""

    def __init__(self, app: ASGIApp, *, hosts: Collection[str], body_bytes: int, origins: Collection[str] = ()) -> None:
        """Answer to the names in ``hosts`` besides numeric addresses; take bodies of at most ``body_bytes``.

        ``origins`` are the names under which a reverse proxy shows our page, whatever Host it sends on.
        """
        self._app = app
        self._hosts = frozenset(name.lower() for name in (*hosts, "localhost", socket.gethostname()) if name)
        self._origins = frozenset(name.lower() for name in origins)
        self._body_bytes = body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what may pass."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope["method"], Headers(scope=scope))
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        with suppress(ClientDisconnect):  # whoever left while sending is owed nothing
            await self._app(scope, _bounded(receive, self._body_bytes), _marked(send))

    def _refusal(self, method: str, headers: Headers) -> JSONResponse | None:
        host = headers.get("host", "")
        if not self._ours(host):
            name = _name(host) or "without a name"
            return _message(421, f"I am not the server {name!r}. Set WEB_ALLOWED_HOSTS if I should answer to it.")
        origin = headers.get("origin")
        if method not in {"GET", "HEAD"} and origin is not None and not self._ours_too(origin, host):
            return _message(403, OTHERS)
        if _length(headers) > self._body_bytes:
            return _message(413, _too_large(self._body_bytes), HANG_UP)
        return None

    def _ours_too(self, origin: str, host: str) -> bool:
        """Whether a page of this origin is ours: it was called as we are, or by a name that is set for us."""
        _, _, called = origin.partition("://")
        return called == host or _name(called) in self._origins

    def _ours(self, host: str) -> bool:
        """Whether it is a name of ours. Numeric addresses are: nobody else can make one lead here."""
        name = _name(host)
        try:
            ip_address(name)
        except ValueError:
            return name in self._hosts
        return True


def _name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _length(headers: Headers) -> int:
    length = headers.get("content-length", "0")
    return int(length[:DIGITS]) if length.isdecimal() else 0


def _bounded(receive: Receive, body_bytes: int) -> Receive:
    taken, whole = 0, False

    async def bounded() -> Message:
        nonlocal taken, whole
        message = await (receive() if whole else _in_time(receive))
        whole = not message.get("more_body", False)
        taken += len(message.get("body", b""))
        if taken > body_bytes:
            raise HTTPException(413, _too_large(body_bytes), HANG_UP)
        return message

    return bounded


async def _in_time(receive: Receive) -> Message:
    try:
        with anyio.fail_after(STALLED_SECONDS):
            return await receive()
    except TimeoutError:
        raise HTTPException(408, "The rest of the request did not arrive.", HANG_UP) from None


def _marked(send: Send) -> Send:
    async def marked(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.setdefault("Content-Security-Policy", POLICY)
            headers.setdefault("Referrer-Policy", "same-origin")
            headers.setdefault("X-Content-Type-Options", "nosniff")
        await send(message)

    return marked


def _message(status: int, text: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    return JSONResponse({"message": text}, status_code=status, headers=headers)


def _too_large(body_bytes: int) -> str:
    return f"That is more than the {body_bytes / 2**20:g} MiB I take at once."

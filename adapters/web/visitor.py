"""Tells browsers apart, so that each finds its own conversations again and no one else's."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "jarvis"
MAX_AGE = 400 * 24 * 3600
"""Seconds; no browser keeps a cookie longer."""

_SECRET = re.compile(r"[0-9a-f]{32}")


class Visitor:
    """Gives each browser that opens the page a secret of its own, which no script and no other site can read."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before ``app``."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and set the cookie where a page is opened without one."""
        new = scope["type"] == "http" and scope["path"] == "/" and browser(Request(scope).cookies) is None
        await self._app(scope, receive, _greeting(send) if new else send)


def browser(cookies: Mapping[str, str]) -> str | None:
    """Return who a browser is; None for one that keeps no cookies.

    It is derived from the secret, so that what is stored, logged or shown to a model does not let anybody in.
    """
    secret = cookies.get(COOKIE, "")
    return hashlib.sha256(secret.encode()).hexdigest()[:32] if _SECRET.fullmatch(secret) else None


def _greeting(send: Send) -> Send:
    async def greeting(message: Message) -> None:
        if message["type"] == "http.response.start":
            cookie = f"{COOKIE}={secrets.token_hex(16)}; Path=/; Max-Age={MAX_AGE}; HttpOnly; SameSite=Lax"
            MutableHeaders(scope=message).append("Set-Cookie", cookie)
        await send(message)

    return greeting

"""Ends what is under way when the server goes down, in words instead of broken connections."""

from __future__ import annotations

import anyio
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

GONE = JSONResponse({"message": "JARVIS is going down. Please try again in a moment."}, status_code=503)


class Leaving:
    """Knows every request under way."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before ``app``."""
        self._app = app
        self._open: dict[anyio.CancelScope, str] = {}  # and its method

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; a request that is ended gets a proper end."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        state = _Sent(send)
        with anyio.CancelScope() as ending:
            self._open[ending] = scope["method"]
            try:
                await self._app(scope, receive, state.send)
            finally:
                del self._open[ending]
        if ending.cancelled_caught:
            await state.close(scope, receive)

    def end(self, *methods: str) -> None:
        """End the requests of these methods, or with none all."""
        for ending, method in list(self._open.items()):
            if not methods or method in methods:
                ending.cancel()


class _Sent:
    """What of an answer was sent."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._started = self._complete = False

    async def send(self, message: Message) -> None:
        self._started = True
        self._complete = message["type"] == "http.response.body" and not message.get("more_body", False)
        await self._send(message)

    async def close(self, scope: Scope, receive: Receive) -> None:
        if not self._started:
            await GONE(scope, receive, self._send)
        elif not self._complete:
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})

"""Replies that come in one piece: of servers that do not stream, whether or not they were asked to."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any, Self

from openai import APIError, AsyncStream

LARGEST = 4 * 2**20
"""Bytes of a reply in one piece."""


class Whole:
    """A reply in one piece, heard as a stream of one chunk."""

    def __init__(self, reply: Any) -> None:
        """Take a completion."""
        self._left = [reply]

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Any:
        if not self._left:
            raise StopAsyncIteration
        return self._left.pop()

    async def close(self) -> None:
        """There is nothing left to close."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


async def listened(reply: AsyncStream[Any]) -> AsyncStream[Any] | Whole:
    """Return what a server gave as something to listen to.

    Raises APIError where it tells of an error although all is said to be well, ValueError where it is no reply.
    """
    kind = reply.response.headers.get("Content-Type", "").lower()
    if kind.startswith("text/html"):
        await reply.close()
        raise ValueError("a web page")
    return Whole(await _read(reply)) if kind.startswith("application/json") else reply


async def _read(reply: AsyncStream[Any]) -> Any:
    body = bytearray()
    try:
        async for piece in reply.response.aiter_bytes():
            body += piece
            if len(body) > LARGEST:
                raise ValueError("a reply without an end")
    finally:
        await reply.close()
    found = json.loads(bytes(body), object_hook=lambda one: SimpleNamespace(**one))
    if error := getattr(found, "error", None):
        raise APIError(str(getattr(error, "message", error)), reply.response.request, body=None)
    return found

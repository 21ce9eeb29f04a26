"""Attached files, from Discord's own store: its links last a day, and now and then it stumbles."""

from __future__ import annotations

from collections.abc import AsyncIterator

import anyio

from adapters.fetch import Unfetched
from core.errors import BadInput
from core.ports import Fetch

GONE = "It is not on Discord any more: its link has run out, or somebody deleted it. Please attach it again."
BROKEN = "Discord did not hand it over. Please send it again."

PAUSES = (0.5, 2.0)
"""Seconds before a file is asked for again."""


async def handed_over(fetch: Fetch, address: str) -> AsyncIterator[bytes]:
    """Yield the bytes of an attached file, which ``fetch`` gets. Raises BadInput."""
    for chunk in await _whole(fetch, address):
        yield chunk


async def _whole(fetch: Fetch, address: str) -> list[bytes]:
    for pause in (*PAUSES, None):
        try:
            return [chunk async for chunk in fetch(address)]
        except Unfetched as error:
            if error.final:
                raise BadInput(GONE) from error
            if pause is None:
                raise BadInput(BROKEN) from error
            await anyio.sleep(pause)
    raise AssertionError  # pragma: no cover - the last try returns or raises

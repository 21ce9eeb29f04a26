"""Servers that speak the same protocol do not all know the same words."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

PICKY = (400, 422)
"""What servers answer to settings that they do not know."""


async def patiently(
    create: Callable[..., Awaitable[Any]], more: Mapping[str, Any], *, refused: Callable[[], None] = lambda: None
) -> Any:
    """Ask with settings that not all servers know; where one refuses, ask without, and call ``refused``.

    Raises as ``create`` does.
    """
    from openai import APIStatusError

    try:
        return await create(**more)
    except APIStatusError as error:
        if not more or error.status_code not in PICKY:
            raise
    found = await create()
    refused()
    return found

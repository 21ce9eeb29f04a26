"""Servers that speak the same protocol do not all know the same words."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

PICKY = (400, 422)
"""What servers answer to settings that they do not know."""


async def patiently(
    create: Callable[..., Awaitable[Any]], *manners: Mapping[str, Any], refused: Callable[[], None] = lambda: None
) -> Any:
    """Ask in a manner that not all servers know; where one refuses, ask in the next one, and call ``refused`` then.

    Raises as ``create`` does.
    """
    from openai import APIStatusError

    for manner in manners:
        try:
            found = await create(**manner)
        except APIStatusError as error:
            if manner == manners[-1] or error.status_code not in PICKY:
                raise
        else:
            if manner != manners[0]:
                refused()
            return found
    raise AssertionError  # pragma: no cover - the last manner returns or raises

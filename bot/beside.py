"""Work that goes on beside a block for as long as it lasts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import anyio


@asynccontextmanager
async def beside(work: Callable[..., Coroutine[Any, Any, Any]], *args: Any) -> AsyncIterator[None]:
    """Have ``work``, which never raises, done with ``args`` during the block, and cancelled at its end."""
    try:
        async with anyio.create_task_group() as group:
            group.start_soon(work, *args)
            try:
                yield
            finally:
                group.cancel_scope.cancel()
    except BaseExceptionGroup as raised:
        # The work never raises, so this is what the block raised.
        raise raised.exceptions[0] from None

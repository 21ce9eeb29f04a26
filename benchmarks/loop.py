"""How long the event loop was held up: the longest time in which nobody else got a turn."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

TICK = 0.001  # seconds


@dataclass
class Block:
    """The longest block so far, in seconds."""

    seconds: float = 0.0


@asynccontextmanager
async def longest_block() -> AsyncIterator[Block]:
    """Watch the loop for as long as the block lasts."""
    block = Block()

    async def tick() -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(TICK)
            block.seconds = max(block.seconds, time.perf_counter() - before - TICK)

    ticking = asyncio.create_task(tick())
    try:
        yield block
    finally:
        ticking.cancel()

"""What was said while we were not connected, within bounds. Hearing something twice is hearing it once."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime
from typing import TypeAlias

import aiohttp
import discord
import structlog

from adapters.discord.connection import Connection
from adapters.discord.place import PLATFORM
from core.ports import Memory

HOURS = 6.0
"""Nobody waits longer for an answer."""

MARGIN_SECONDS = 600.0
"""Read again before the newest thing known: what was heard last need not have been said last."""

CHANNELS = 100
MESSAGES = 100
"""Of one channel."""

Place: TypeAlias = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread

log = structlog.get_logger(__name__)


async def missed(
    connection: Connection, memory: Memory, guilds: Iterable[discord.Guild], *, direct: bool
) -> AsyncIterator[list[discord.Message]]:
    """Yield what was said in each place since we last heard anything.

    The places are those of the servers ``guilds``, and with ``direct`` also those where people talk to us alone, as far
    as we know them: Discord lists no bot's direct conversations, neither when a session begins nor when it is asked.
    """
    after = discord.utils.time_snowflake(datetime.fromtimestamp(await _since(memory), UTC))
    places = [str(place.id) for guild in guilds for place in _places(guild, after)]
    if direct:
        places += [conversation.thread.split("/")[2] for conversation in await memory.conversations(f"{PLATFORM}//")]
    for place in places[:CHANNELS]:
        try:
            yield [message async for message in connection.history(place, after=after, limit=MESSAGES)]
        except (discord.HTTPException, aiohttp.ClientError, OSError, ValueError) as error:
            log.info("cannot look back", channel=place, why=str(error))


async def _since(memory: Memory) -> float:
    """Return the time from which on something may have been missed."""
    newest = await memory.conversations(f"{PLATFORM}/", limit=1)
    known = max((one.at for one in newest), default=0.0) - MARGIN_SECONDS
    return max(known, time.time() - HOURS * 3600)


def _places(guild: discord.Guild, after: int) -> list[Place]:
    """Return the channels and threads in which something was said, and which we may read."""
    found: list[Place] = []
    everywhere: list[Place] = [
        *guild.text_channels,
        *guild.voice_channels,
        *guild.stage_channels,
        *guild.threads,
    ]
    for place in everywhere:
        may = place.permissions_for(guild.me)
        if (place.last_message_id or 0) > after and may.read_messages and may.read_message_history:
            found.append(place)
    return found

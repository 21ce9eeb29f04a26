"""Telling people why we do not do what they wrote."""

from __future__ import annotations

import discord
import structlog

from adapters.discord.line import Line
from core.errors import JarvisError, NotAllowed

UNTOLD = (
    "I may not answer this here. Why, I could not tell you: I cannot write to you directly. "
    "Ask with /jarvis, and you read it there."
)

log = structlog.get_logger(__name__)


class Refusing:
    """Says why: below the message, and where an admin does not want something, to nobody but its author."""

    def __init__(self, line: Line) -> None:
        """Say it over ``line``. Each message is refused once, however often that is tried."""
        self._line = line

    async def refuse(self, message: discord.Message, error: JarvisError) -> None:
        """Tell the author of a message why it is not answered."""
        if isinstance(error, NotAllowed) and message.guild is not None:
            if not await self._directly(message, error.message):
                await self._below(message, UNTOLD)
        elif not await self._below(message, error.message) and not await self._directly(message, error.message):
            log.info("nowhere to tell", channel=message.channel.id, why=error.message)

    async def _below(self, message: discord.Message, why: str) -> bool:
        channel, number = str(message.channel.id), str(message.id)
        try:
            await self._line.send(channel, text=why, reply_to=number, nonce=f"no-{number}", ping=str(message.author.id))
        except (discord.Forbidden, discord.NotFound):
            return False
        return True

    async def _directly(self, message: discord.Message, why: str) -> bool:
        try:
            direct = await self._line.direct(str(message.author.id))
            await self._line.send(direct, text=why, nonce=f"no-{message.id}")
        except discord.HTTPException:
            return False
        return True

"""Telling people why we do not do what they wrote."""

from __future__ import annotations

import discord
import structlog

from adapters.discord.connection import Connection, is_shut
from adapters.discord.markup import aside
from core.errors import JarvisError, NotAllowed

UNTOLD = (
    "I may not answer this here. Why, I could not tell you: I cannot write to you directly. "
    "Ask with /jarvis, and you read it there."
)

LOOK_BACK = 100
"""Messages that are searched for what was told before."""

log = structlog.get_logger(__name__)


class Refusing:
    """Says why: below the message, and where an admin does not want something, to nobody but its author."""

    def __init__(self, connection: Connection) -> None:
        """Say it over ``connection``. Each message is refused once, however often that is tried."""
        self._connection = connection

    async def refuse(self, message: discord.Message, error: JarvisError, *, late: bool = False) -> None:
        """Tell the author of a message why it is not answered; a ``late`` one may have been told before."""
        if late and await self._told(message):
            return
        if isinstance(error, NotAllowed) and message.guild is not None:
            if not await self._directly(message, error.message):
                await self._below(message, UNTOLD)
        elif not await self._below(message, error.message) and not await self._directly(message, error.message):
            log.info("nowhere to tell", channel=message.channel.id, why=error.message)

    async def _below(self, message: discord.Message, why: str) -> bool:
        channel, number = str(message.channel.id), str(message.id)
        try:
            await self._connection.send(
                channel, text=why, reply_to=number, nonce=f"no-{number}", ping=str(message.author.id)
            )
        except discord.HTTPException as error:
            if not is_shut(error):
                raise
            return False
        return True

    async def _directly(self, message: discord.Message, why: str) -> bool:
        try:
            direct = await self._connection.direct(str(message.author.id))
            text = f"{why}\n{aside(f'That was about {message.jump_url}')}"
            await self._connection.send(direct, text=text, nonce=f"no-{message.id}")
        except discord.HTTPException:
            return False
        return True

    async def _told(self, message: discord.Message) -> bool:
        """Whether the author has been told: by a reply, or directly with a link to the message."""
        try:
            places = {str(message.channel.id), await self._connection.direct(str(message.author.id))}
            for place in places:
                async for said in self._connection.history(place, after=message.id, limit=LOOK_BACK):
                    if said.author.id == self._connection.me.id and _is_about(said, message):
                        return True
        except discord.HTTPException:
            return True  # where we cannot look, silence is better than the same again and again
        return False


def _is_about(said: discord.Message, message: discord.Message) -> bool:
    replies = said.reference is not None and said.reference.message_id == message.id
    return replies or message.jump_url in said.content

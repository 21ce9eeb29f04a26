"""What has to be known of Discord's messages to tell what somebody says in one breath."""

from __future__ import annotations

import discord

from adapters.bursts import is_whole
from adapters.discord.hearing import attached
from adapters.discord.place import opens_thread


class DiscordReading:
    """Reads Discord's messages. An instance is an ``adapters.bursts.Reading``."""

    def speaker(self, message: discord.Message) -> tuple[int, int]:
        return message.channel.id, message.author.id

    def number(self, message: discord.Message) -> int:
        return message.id

    def stands_alone(self, message: discord.Message) -> bool:
        """Whether nothing need follow: it has its own thread, words and a file, or words that ask for no file."""
        if opens_thread(message) or message.reference is not None:
            return True
        return is_whole(message.content, has_files=any(attached(message)))

    def at(self, message: discord.Message) -> float:
        return message.created_at.timestamp()

"""Who is notified by a message: what its text names, as far as ``allowed_mentions`` lets it."""

from __future__ import annotations

import re
from typing import Any

from tests.simulators.discord.permissions import May
from tests.simulators.discord.world import Message, World

USER = re.compile(r"<@!?(\d+)>")
ROLE = re.compile(r"<@&(\d+)>")


def name(world: World, message: Message, allowed: dict[str, Any] | None) -> None:
    """Fill in a message's mentions, and who is pinged. Without ``allowed`` everything in the text counts."""
    text, guild = message.text, message.channel.guild
    parse = set(allowed.get("parse", ())) if allowed is not None else {"users", "roles", "everyone"}
    users, roles = set((allowed or {}).get("users", ())), set((allowed or {}).get("roles", ()))
    message.mentions = [world.users[number] for number in dict.fromkeys(USER.findall(text)) if number in world.users]
    message.role_mentions = [number for number in dict.fromkeys(ROLE.findall(text)) if guild and number in guild.roles]
    message.pinged = {user.name for user in message.mentions if "users" in parse or user.id in users}
    powerful = bool(guild and May.MENTION_EVERYONE in guild.may(message.author, message.channel))
    for number in message.role_mentions:
        assert guild
        role = guild.roles[number]
        if ("roles" in parse or number in roles) and (role.mentionable or powerful):
            message.pinged.add(f"@{role.name}")
    if "everyone" in parse and re.search("@everyone|@here", text) and powerful:
        message.pinged.add("@everyone")
    if message.reference:
        replied = message.channel.messages.get(message.reference["message_id"])
        if replied and (allowed is None or allowed.get("replied_user", False)):
            message.pinged.add(replied.author.name)
            if replied.author not in message.mentions:
                message.mentions.append(replied.author)

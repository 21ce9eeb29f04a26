"""Discord: whether it lets us in, what the portal grants, and the link that invites the bot."""

from __future__ import annotations

from collections.abc import AsyncIterator

from bot.doctor.finding import Finding, broken, note, ok
from bot.extras import lacking
from bot.settings import Settings
from core.errors import JarvisError

NO_INTENT = (
    "Message Content is not granted in the portal (Bot, Privileged Gateway Intents): I hear mentions, replies that "
    "ping, direct messages and commands, but no follow-ups without a mention."
)


async def discord(settings: Settings) -> AsyncIterator[Finding]:
    """Check that Discord accepts the token, where one is set."""
    if not settings.discord_token.get_secret_value():
        yield ok("Discord", "not set up; the README says how in numbered steps.")
        return
    try:
        from adapters.discord.connection import Connection
        from adapters.discord.invite import invite
        from bot.platforms import discord_access
    except ModuleNotFoundError as error:
        yield broken("Discord", lacking(error, "discord"))
        return
    connection = Connection(discord_access(settings))
    try:
        client = await connection.client()
        name, number = connection.me.name, client.application_id or connection.me.id
        granted = client.intents.message_content
    except JarvisError as error:
        yield broken("Discord", error.message)
        return
    finally:
        await connection.close()
    yield ok("Discord", f"lets me in as {name}.")
    yield ok("Discord intents", "Message Content is granted.") if granted else note("Discord intents", NO_INTENT)
    yield ok("Discord invite", f"open {invite(number)} to add me to a server.")

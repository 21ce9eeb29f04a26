"""Where on Discord something was said, as an Origin; and where an Origin is answered.

A thread that is started from a message has that message's id. So a request that will get a thread of its own knows its
conversation before there is one: ``conversation`` is the message itself. In a place without threads it is the channel.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import discord

from core.types import Origin

PLATFORM = "discord"
WHISPER = "whisper"
"""How the message of an Origin starts that is answered through an interaction, where only its author sees it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where to answer."""

    channel: str  # a channel's, thread's or direct conversation's id
    message: str  # what is answered
    opens: bool = False  # a thread is to be started from the message
    replies: bool = False  # there are no threads here: the first message replies


def origin_of(message: discord.Message) -> Origin:
    """Return where a message was written, and which conversation it belongs to."""
    channel = message.channel
    guild = str(message.guild.id) if message.guild else ""
    if isinstance(channel, discord.Thread):
        return _origin(guild, channel.parent_id, channel.id, message.id)
    return _origin(guild, channel.id, message.id if opens_thread(message) else channel.id, message.id)


def opens_thread(message: discord.Message) -> bool:
    """Whether the message may get a thread of its own."""
    channel = message.channel
    if not isinstance(channel, discord.TextChannel) or message.guild is None:
        return False
    may = channel.permissions_for(message.guild.me)
    return may.create_public_threads and may.send_messages_in_threads


def removed(guild: int | None, channel: int, parent: int | None, message: int) -> Origin:
    """Return as much of the Origin of a deleted message as its key needs."""
    return _origin(str(guild or ""), parent or channel, channel, message)


def anew(origin: Origin, why: str) -> Origin:
    """Return the Origin of another request that comes from the same message; ``why`` tells them apart."""
    return replace(origin, message=f"{number_of(origin)}.{why}")


def target_of(origin: Origin) -> Target:
    """Return where a request is answered."""
    number = number_of(origin)
    if origin.conversation == number:
        return Target(channel=origin.channel, message=number, opens=True)
    if origin.conversation == origin.channel:
        return Target(channel=origin.channel, message=number, replies=True)
    return Target(channel=origin.conversation, message=number)


def link_to(origin: Origin) -> str:
    """Return the address of the message that a request came from."""
    target = target_of(origin)
    return f"https://discord.com/channels/{origin.workspace or '@me'}/{target.channel}/{target.message}"


def is_elsewhere(origin: Origin, channel: str) -> bool:
    """Whether a channel is another place than the one that a request belongs to."""
    return channel not in {origin.channel, origin.conversation}


def number_of(origin: Origin) -> str:
    """Return the id of the message that a request came from."""
    return origin.message.partition(".")[0]


def _origin(guild: str, channel: int, conversation: int, message: int) -> Origin:
    return Origin(
        platform=PLATFORM,
        workspace=guild,
        channel=str(channel),
        conversation=str(conversation),
        message=str(message),
    )


def whispered(guild: int | None, channel: int, user: int, message: int, token: str) -> Origin:
    """Return the Origin of what is answered through an interaction: in the one message that ``token`` lets us change.

    Such a token lives for fifteen minutes and can do no more than that.
    """
    return Origin(
        platform=PLATFORM,
        workspace=str(guild or ""),
        channel=str(channel),
        conversation=f"{WHISPER}-{user}",
        message=f"{message}.{token}",
    )


def is_whisper(origin: Origin) -> bool:
    """Whether a request is answered through an interaction."""
    return origin.conversation.startswith(WHISPER)


def token_of(origin: Origin) -> str:
    """Return the token of the interaction that a whisper is answered through."""
    return origin.message.partition(".")[2]


def moved(origin: Origin, channel: str) -> Origin:
    """Return the Origin as if it had been asked in another channel, to which nothing can reply."""
    return Origin(
        platform=PLATFORM, channel=channel, conversation=channel, message=number_of(origin), workspace=origin.workspace
    )


def scopes_of(guild: int | None, channel: int | None) -> tuple[str, ...]:
    """Return the places whose mode applies somewhere, the most particular first."""
    workspace = f"{PLATFORM}/{guild or ''}"
    return (f"{workspace}/{channel or ''}", workspace, PLATFORM, "")

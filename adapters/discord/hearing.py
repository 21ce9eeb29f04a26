"""What a message says to us: whether it is for us at all, its words, and the files it brings or points to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TypeAlias

import discord

from adapters.discord.place import anew, origin_of
from adapters.links import links_in, promise
from adapters.requests import files_of, request_id
from core.errors import BadInput
from core.types import Attachment, Author, Request

Limited: TypeAlias = (
    discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.ForumChannel | discord.Thread
)
"""Places that may be for adults only."""

SAID = frozenset({discord.MessageType.default, discord.MessageType.reply})
"""What people write; of the rest Discord tells by itself."""

UNKNOWN = {"#": "channel", "@&": "role"}
"""What somebody mentions that we do not know, by the sign it is written with."""

_EMOJI = re.compile(r"<a?(:\w+:)\d+>")
_MENTION = re.compile(r"<(@!?|@&|#)(\d+)>")

UNSEEN = (
    "I cannot see the message you reply to: Discord shows me only messages that mention me. Open its menu and choose "
    "Apps, Ask JARVIS about this. Or let the server's owner grant me the Message Content intent."
)

ROLE = (
    "You mentioned my role, and Discord shows me only messages that mention me myself. Please write it once more with "
    "{me}."
)


def is_for_us(message: discord.Message, me: discord.ClientUser, *, reads_all: bool) -> bool:
    """Whether a message asks something of us.

    With the Message Content intent (``reads_all``) that is everything in a thread of ours that is not for others.
    """
    if message.author.bot or message.webhook_id or message.type not in SAID:
        return False
    if message.guild is None or me in message.mentions or _our_role(message):
        return True
    channel = message.channel
    ours = isinstance(channel, discord.Thread) and channel.owner_id == me.id
    return ours and reads_all and not message.mentions


def request_of(
    message: discord.Message,
    me: discord.ClientUser,
    *,
    reads_all: bool,
    edited: bool = False,
    more: Sequence[discord.Message] = (),
) -> Request:
    """Return the request that a message is, with ``more`` said in the same breath; or that an ``edited`` one became.

    Raises BadInput where it points to what we cannot see.
    """
    origin = origin_of(message)
    if edited and message.edited_at is not None:
        origin = anew(origin, f"edited-{message.edited_at.timestamp() * 1000:.0f}")
    said = [message, *more]
    if not reads_all and message.guild and me not in message.mentions and all(map(_blank, said)):
        raise BadInput(ROLE.format(me=me.mention))
    text = "\n".join(part for part in (words(one, me) for one in said) if part)
    files = [file for one in said for file in attached(one)]
    quoted = next((found for one in said if (found := _quoted(one)) is not None), None)
    if quoted is not None and not reads_all and _blank(quoted) and quoted.author.id != me.id and not files:
        raise BadInput(UNSEEN)
    return Request(
        id=request_id(origin),
        origin=origin,
        author=author_of(message.author),
        text=_with_quote(text, quoted, me),
        attachments=files_of(text, files, _files_quoted(quoted)),
        adults=is_for_adults(message.channel),
    )


def author_of(user: discord.User | discord.Member | discord.abc.User) -> Author:
    """Return who wrote it, with the roles they have there."""
    roles = tuple(str(role.id) for role in user.roles) if isinstance(user, discord.Member) else ()
    return Author(id=str(user.id), name=user.display_name, roles=roles)


def is_for_adults(channel: object) -> bool:
    """Whether Discord lets only adults into a place; a thread is what its channel is."""
    return isinstance(channel, Limited) and channel.is_nsfw()


def words(message: discord.Message, me: discord.ClientUser | None) -> str:
    """Return what a message says, without our mention and with names in place of numbers."""

    def named(found: re.Match[str]) -> str:
        sign, number = found.group(1), int(found.group(2))
        if sign.startswith("@") and me is not None and (number == me.id or _is_our_role(message, number)):
            return ""
        known = [*message.channel_mentions, *message.role_mentions, *message.mentions]
        return _named(sign, next((one for one in known if one.id == number), None))

    text = _EMOJI.sub(r"\1", _MENTION.sub(named, message.content))
    return "\n".join(" ".join(line.split(" ")) if "```" in text else line.strip() for line in text.split("\n")).strip()


def written(text: str, interaction: discord.Interaction) -> str:
    """Return what somebody wrote into a command or a form, with names in place of the numbers that we know."""
    guild, users = interaction.guild, {interaction.user.id: interaction.user}

    def named(found: re.Match[str]) -> str:
        sign, number = found.group(1), int(found.group(2))
        known: discord.abc.Snowflake | None = users.get(number) or interaction.client.get_user(number)
        if sign in {"#", "@&"}:
            known = (guild.get_channel_or_thread(number) or guild.get_role(number)) if guild else None
        return _named(sign, known) if known else found.group()

    return _EMOJI.sub(r"\1", _MENTION.sub(named, text))


def attached(message: discord.Message) -> Iterator[Attachment]:
    """Yield the files of a message, those it forwards included."""
    for file in message.attachments:
        yield promised(file)
    for forwarded in message.message_snapshots:
        for file in forwarded.attachments:
            yield promised(file)


def promised(file: discord.Attachment) -> Attachment:
    """Return an attachment as a promise."""
    mime = (file.content_type or "").partition(";")[0]
    return Attachment(name=file.filename, address=file.url, mime=mime, size=file.size)


def about(message: discord.Message, me: discord.ClientUser) -> tuple[str, tuple[Attachment, ...]]:
    """Return the words and files of a message that somebody asks something about."""
    forwarded = [one.content for one in message.message_snapshots if one.content]
    text = "\n".join([words(message, me), *forwarded]).strip()
    return text, (*attached(message), *(promise(link) for link in links_in(text)))


def _quoted(message: discord.Message) -> discord.Message | None:
    reference = message.reference
    if reference is None or message.type is not discord.MessageType.reply:
        return None
    return reference.resolved if isinstance(reference.resolved, discord.Message) else None


def _files_quoted(quoted: discord.Message | None) -> Iterator[Attachment]:
    """Yield the files that the message replied to brings, so that "describe this" has something to be about."""
    if quoted is not None:
        yield from attached(quoted)
        yield from (promise(link) for link in links_in(quoted.content))


def _with_quote(text: str, quoted: discord.Message | None, me: discord.ClientUser) -> str:
    """Put the words replied to below the request, where they and no file are what it is about.

    Our own are in the conversation's window already.
    """
    if quoted is None or quoted.author.id == me.id or any(_files_quoted(quoted)):
        return text
    said = words(quoted, me)
    return f"{text}\n\n{said}" if said and text else text or said


def _blank(message: discord.Message) -> bool:
    return not (message.content or message.attachments or message.embeds or message.stickers or message.components)


def _our_role(message: discord.Message) -> bool:
    return any(_is_our_role(message, role.id) for role in message.role_mentions)


def _is_our_role(message: discord.Message, number: int) -> bool:
    own = message.guild.self_role if message.guild else None
    return own is not None and own.id == number


def _named(sign: str, known: discord.abc.Snowflake | None) -> str:
    """Return how whom or what somebody mentions is called."""
    name = getattr(known, "display_name", None) or getattr(known, "name", None)
    return f"{sign[0]}{name or UNKNOWN.get(sign, 'someone')}"

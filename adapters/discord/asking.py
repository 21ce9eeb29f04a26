"""What is asked by a command, a menu or a button becomes a request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import discord

from adapters.another import redone
from adapters.base import Hear
from adapters.discord.hearing import author_of, is_for_adults, written
from adapters.discord.markup import literal
from adapters.discord.place import PLATFORM, anew, is_whisper, whispered
from adapters.discord.replies import first
from adapters.requests import again, files_of, request_id
from core.errors import JarvisError
from core.events import Trace
from core.types import Attachment, Mode, Origin, Request

ECHO_CHARS = 1_500


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody asks."""

    text: str
    files: tuple[Attachment, ...] = ()
    mode: Mode | None = None
    model: str = ""
    private: bool = False
    about: str = ""  # a link to the message that it is about


class Asking:
    """Takes wishes in, each answered at once by a message that the work is then shown in or below."""

    def __init__(self, hear: Hear) -> None:
        """Have them heard by ``hear``."""
        self._hear = hear

    async def ask(self, interaction: discord.Interaction, wish: Wish) -> None:
        """Have a wish heard. Where we may speak it is shown there, and the answer too; else the interaction answers."""
        text = written(wish.text, interaction)
        if wish.private or not _may_speak(interaction):
            origin = await self._whispering(interaction, private=wish.private)
        else:
            origin = await self._shown(interaction, wish)
        request = Request(
            id=request_id(origin),
            origin=origin,
            author=author_of(interaction.user),
            text=text,
            attachments=files_of(text, wish.files),
            model=wish.model,
            adults=is_for_adults(interaction.channel),
        )
        try:
            await self._hear(request, mode=wish.mode)
        except JarvisError as error:
            await interaction.delete_original_response()
            await interaction.followup.send(error.message, ephemeral=True)

    async def again(
        self, interaction: discord.Interaction, request: Request, trace: Trace, text: str | None = None
    ) -> None:
        """Ask the same again, or the same with another ``text``, for whoever pressed. Raises what hearing raises."""
        text = None if text is None else written(text, interaction)
        origin = await self._anew(interaction, request, "again")
        await self._hear(again(request, trace, origin, author_of(interaction.user), text), mode=request.mode)
        if not interaction.response.is_done():
            await first(interaction.response.defer)

    async def anew(self, interaction: discord.Interaction, request: Request, trace: Trace) -> Request:
        """Return what is asked when whoever pressed wants a step of a request done by another model."""
        return redone(request, trace, await self._anew(interaction, request, "model"), author_of(interaction.user))

    async def _anew(self, interaction: discord.Interaction, request: Request, why: str) -> Origin:
        """Return where a further request belongs: beside the first, or in a private answer of its own."""
        if is_whisper(request.origin):
            return await self._whispering(interaction, private=True)
        return anew(request.origin, f"{why}-{interaction.id}")

    async def _whispering(self, interaction: discord.Interaction, *, private: bool) -> Origin:
        answer = await first(lambda: interaction.response.defer(ephemeral=private, thinking=True))
        message = answer.message_id if answer else None
        if message is None:
            message = (await interaction.original_response()).id
        return whispered(
            interaction.guild_id, interaction.channel_id or 0, interaction.user.id, message, interaction.token
        )

    async def _shown(self, interaction: discord.Interaction, wish: Wish) -> Origin:
        """Show the wish as a message of ours; from there on it is as if it had been written."""
        answer = await first(lambda: interaction.response.send_message(echo(interaction.user, wish)))
        message = answer.message_id if answer else None
        return _origin(interaction, message or (await interaction.original_response()).id)


def echo(user: discord.User | discord.Member, wish: Wish) -> str:
    """Return how a wish is shown where it was asked."""
    said = wish.text if len(wish.text) <= ECHO_CHARS else wish.text[: ECHO_CHARS - 1] + "…"
    quoted = "\n".join(f"> {line}" for line in said.split("\n")) if said.strip() else ""
    about = f" [about this message]({wish.about})" if wish.about else ""
    files = f"-# 📎 {', '.join(literal(file.name, 60) for file in wish.files[:5])}" if wish.files else ""
    return "\n".join(part for part in (f"**{literal(user.display_name, 60)}** asks{about}", quoted, files) if part)


def named(files: Sequence[discord.Attachment | None]) -> list[discord.Attachment]:
    """Return those that were given."""
    return [file for file in files if file is not None]


def _may_speak(interaction: discord.Interaction) -> bool:
    """Whether we can write there ourselves: we were invited and may, or are alone with who asks."""
    if interaction.guild_id is None:
        return interaction.context.dm_channel
    may = interaction.app_permissions
    writes = may.send_messages_in_threads if isinstance(interaction.channel, discord.Thread) else may.send_messages
    return interaction.is_guild_integration() and may.view_channel and writes


def _origin(interaction: discord.Interaction, message: int) -> Origin:
    channel, may = interaction.channel, interaction.app_permissions
    place = conversation = interaction.channel_id or 0
    if isinstance(channel, discord.Thread):
        place = channel.parent_id
    elif isinstance(channel, discord.TextChannel) and may.create_public_threads and may.send_messages_in_threads:
        conversation = message
    return Origin(
        platform=PLATFORM,
        workspace=str(interaction.guild_id or ""),
        channel=str(place),
        conversation=str(conversation),
        message=str(message),
    )

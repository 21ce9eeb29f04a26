"""Answers to interactions that only who asked can see."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any, TypeVar

import aiohttp
import discord
import structlog
from discord import ui

from adapters.discord.calls import is_trouble
from adapters.discord.markup import LIMIT
from adapters.discord.outgoing import to_file
from adapters.discord.place import PLATFORM
from core.errors import JarvisError, words_for

ANSWERED = 40060
"""Code of an interaction that has its first answer."""

OVER = frozenset({10015, 10062, 50027})
"""Codes of an interaction whose time is over: three seconds for the first answer, fifteen minutes for the others."""

TRIES = 2
"""How often a first answer is given again where the connection breaks."""

T = TypeVar("T")

ALL = "all.txt"
"""The file that goes along with what is too long for a message."""

_SCOPE = re.compile(rf"\b{PLATFORM}/(\d{{17,20}})(?:/(\d{{17,20}}))?")
_NUMBER = re.compile(r"(?<![\w/<@#&])\d{17,20}(?!\w)")

log = structlog.get_logger(__name__)


async def first(answer: Callable[[], Awaitable[T]]) -> T | None:
    """Give an interaction its first answer. None where Discord has one already, of a try that it did not confirm."""
    for _ in range(TRIES):
        with suppress(aiohttp.ClientError):
            return await _unless_given(answer)
    return await _unless_given(answer)


async def _unless_given(answer: Callable[[], Awaitable[T]]) -> T | None:
    try:
        return await answer()
    except discord.HTTPException as error:
        if error.code != ANSWERED:
            raise
        return None


async def think(interaction: discord.Interaction) -> None:
    """Say in private that an answer follows: what takes longer than three seconds would be lost otherwise."""
    await first(lambda: interaction.response.defer(ephemeral=True, thinking=True))


async def tell(
    interaction: discord.Interaction, text: str, *, file: tuple[bytes, str] | None = None, view: ui.View | None = None
) -> None:
    """Say something in private."""
    shown: dict[str, Any] = {"content": text[:LIMIT], "ephemeral": True} | ({"view": view} if view else {})

    def files() -> list[discord.File]:
        return [to_file((*file, ""))] if file else []

    if interaction.response.is_done():
        await interaction.followup.send(**shown, files=files())
    else:
        await first(lambda: interaction.response.send_message(**shown, files=files()))


async def tell_lines(interaction: discord.Interaction, lines: Sequence[str]) -> None:
    """Say several things in private; what is too long for a message comes as a file, too."""
    text = "\n".join(lines)
    if len(text) <= LIMIT:
        await tell(interaction, text)
        return
    await tell(interaction, text[: LIMIT - 2] + " …", file=(text.encode(), ALL))


def named_in(lines: Sequence[str], guild: discord.Guild | None) -> list[str]:
    """Return lines in which Discord shows names in place of numbers: of places, roles and people."""
    placed = [
        _SCOPE.sub(lambda found: f"<#{found.group(2)}>" if found.group(2) else "this server", one) for one in lines
    ]
    return [_NUMBER.sub(lambda found: _mention(int(found.group()), guild), connection) for connection in placed]


def _mention(number: int, guild: discord.Guild | None) -> str:
    if guild is not None and guild.get_channel_or_thread(number) is not None:
        return f"<#{number}>"
    if guild is not None and guild.get_role(number) is not None:
        return f"<@&{number}>"
    return f"<@{number}>"


async def lay_out(interaction: discord.Interaction, view: ui.LayoutView) -> None:
    """Show a layout in private."""
    await first(lambda: interaction.response.send_message(view=view, ephemeral=True))


async def confess(interaction: discord.Interaction, error: BaseException) -> None:
    """Say in private what went wrong. Of what came too late nobody can be told: Discord itself shows it."""
    if isinstance(error, discord.HTTPException) and error.code in OVER:
        log.warning("interaction over", why=str(error))
        return
    if isinstance(error, aiohttp.ClientError) or (isinstance(error, discord.HTTPException) and is_trouble(error)):
        log.warning("interaction failed", why=str(error))
    elif not isinstance(error, JarvisError):
        log.error("interaction failed", exc_info=error)
    try:
        await tell(interaction, words_for(error))
    except (discord.HTTPException, aiohttp.ClientError, OSError) as lost:
        log.warning("nobody could be told", why=str(lost))

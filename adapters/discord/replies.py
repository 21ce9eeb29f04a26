"""Answers to interactions that only who asked can see."""

from __future__ import annotations

import discord
import structlog
from discord import ui

from adapters.discord.line import to_file
from core.errors import JarvisError, words_for

log = structlog.get_logger(__name__)


async def tell(interaction: discord.Interaction, text: str, *, file: tuple[bytes, str] | None = None) -> None:
    """Say something in private."""
    files = [to_file((*file, ""))] if file else []
    if interaction.response.is_done():
        await interaction.followup.send(text[:2000], files=files, ephemeral=True)
    else:
        await interaction.response.send_message(text[:2000], files=files, ephemeral=True)


async def lay_out(interaction: discord.Interaction, view: ui.LayoutView) -> None:
    """Show a layout in private."""
    await interaction.response.send_message(view=view, ephemeral=True)


async def confess(interaction: discord.Interaction, error: BaseException) -> None:
    """Say in private what went wrong."""
    if not isinstance(error, JarvisError):
        log.error("interaction failed", exc_info=error)
    try:
        await tell(interaction, words_for(error))
    except discord.HTTPException as lost:
        log.warning("nobody could be told", why=str(lost))

"""What Discord suggests while an option is filled in."""

from __future__ import annotations

from collections.abc import Sequence

import discord
from discord import app_commands

from core.types import Mode

MODES = [app_commands.Choice(name=str(mode), value=str(mode)) for mode in Mode]
WHERE = [app_commands.Choice(name=one, value=one) for one in ("server", "channel")]

SUGGESTED = 25
CHARS = 100


def choices(names: Sequence[str]) -> list[app_commands.Choice[str]]:
    """Return the first names as Discord suggests them."""
    fitting = [name for name in names if len(name) <= CHARS][:SUGGESTED]
    return [app_commands.Choice(name=name, value=name) for name in fitting]


def channel_of(interaction: discord.Interaction) -> int | None:
    """Return the channel whose mode and bylaws apply: a thread's parent."""
    channel = interaction.channel
    return channel.parent_id if isinstance(channel, discord.Thread) else interaction.channel_id

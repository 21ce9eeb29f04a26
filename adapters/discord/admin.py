"""``/jarvis-admin``: what the managers of a server see and decide."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands

from adapters.concierge import Administration
from adapters.discord.bylaws import bylaw_commands
from adapters.discord.choices import MODES, WHERE, channel_of, choices
from adapters.discord.place import scopes_of
from adapters.discord.replies import named_in, tell, tell_lines, think

NEWEST = 20
"""Decisions that are shown."""


class Admin(app_commands.Group):
    """Discord shows it to managers only; a server may open it to others, so we look again."""

    def __init__(self, administration: Administration) -> None:
        super().__init__(
            name="jarvis-admin",
            description="JARVIS in this server",
            guild_only=True,
            allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
            default_permissions=discord.Permissions(manage_guild=True),
        )
        self._house = administration
        for command in bylaw_commands(administration):
            self.add_command(command)

    async def interaction_check(self, interaction: discord.Interaction) -> bool:
        """Let managers pass, and tell the others why not."""
        if interaction.permissions.manage_guild:
            return True
        await tell(interaction, "Only who may manage this server can do that.")
        return False

    @app_commands.command(description="Show or set where models may run")
    @app_commands.describe(mode="Leave it out to see which applies", where="This server, or this channel only")
    @app_commands.choices(mode=MODES, where=WHERE)
    async def mode(self, interaction: discord.Interaction, mode: str | None = None, where: str = "server") -> None:
        """Show or set the mode."""
        channel, server, *wider = scopes_of(interaction.guild_id, channel_of(interaction))
        if mode is None:
            await tell(interaction, await self._house.show_mode(channel, server, *wider))
            return
        scope = server if where == "server" else channel
        await tell(interaction, await self._house.set_mode(scope, mode, by=str(interaction.user.id)))

    @app_commands.command(description="Show or set which models are kept out or go first here")
    @app_commands.describe(
        deny="A model's id, or author:, licence: or task: with a name",
        undo="What was denied and shall be so no longer",
        prefer="TASK=MODEL: the model that goes first; TASK= takes that back",
        where="This server, or this channel only",
    )
    @app_commands.choices(where=WHERE)
    async def models(
        self,
        interaction: discord.Interaction,
        deny: str | None = None,
        undo: str | None = None,
        prefer: str | None = None,
        where: str = "server",
    ) -> None:
        """Show or set the rules. To allow a model is for who runs us: it may bring code to their machine."""
        channel, server, *_ = scopes_of(interaction.guild_id, channel_of(interaction))
        how: dict[str, Any] = {"scope": server if where == "server" else channel, "by": str(interaction.user.id)}
        house = self._house
        said = [await house.deny(deny, **how)] if deny else []
        said += [await house.undo(undo, **how)] if undo else []
        said += [await house.prefer(prefer, **how)] if prefer else []
        await tell_lines(interaction, named_in(said or await house.show_rules(channel, server), interaction.guild))

    @models.autocomplete("deny")
    @models.autocomplete("undo")
    async def _models(self, _interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return choices(self._house.subjects(typed))

    @models.autocomplete("prefer")
    async def _preferences(self, _interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return choices(self._house.subjects(typed, preferences=True))

    @app_commands.command(description="Queue, devices, loaded models, places, health")
    async def status(self, interaction: discord.Interaction) -> None:
        """Say how JARVIS is."""
        await think(interaction)
        await tell_lines(
            interaction, await self._house.overview(*scopes_of(interaction.guild_id, channel_of(interaction)))
        )

    @app_commands.command(description="What was asked and spent here, and by whom most")
    @app_commands.describe(where="This server, or this channel only")
    @app_commands.choices(where=WHERE)
    async def usage(self, interaction: discord.Interaction, where: str = "server") -> None:
        """Say what was spent."""
        await think(interaction)
        scopes = scopes_of(interaction.guild_id, channel_of(interaction))
        said = await self._house.spent(*(scopes[1:] if where == "server" else scopes))
        await tell_lines(interaction, named_in(said, interaction.guild))

    @app_commands.command(description="Who decided what and when, the newest first")
    @app_commands.describe(count="How many decisions")
    async def audit(self, interaction: discord.Interaction, count: app_commands.Range[int, 1, 100] = NEWEST) -> None:
        """Tell what was decided in this server and its channel."""
        await think(interaction)
        channel, server, *_ = scopes_of(interaction.guild_id, channel_of(interaction))
        said = await self._house.audit(channel, server, limit=count)
        await tell_lines(interaction, named_in(said, interaction.guild))

"""``/jarvis-me``: what everybody may ask about themselves, and about us."""

from __future__ import annotations

import math

import discord
from discord import app_commands

from adapters.concierge import Concierge
from adapters.discord.choices import channel_of
from adapters.discord.invite import NEEDED
from adapters.discord.place import PLATFORM, scopes_of
from adapters.discord.replies import tell, think
from adapters.discord.trying import examples_list

NOT_INVITED = "- Nobody has invited me to this server: what you installed for yourself works here, mentions do not."


class Me(app_commands.Group):
    """What everybody may ask about themselves and about us."""

    def __init__(self, concierge: Concierge) -> None:
        super().__init__(name="jarvis-me", description="Help, your data, and whether all is well here")
        self._concierge = concierge

    @app_commands.command(description="What JARVIS can do here, with examples")
    async def help(self, interaction: discord.Interaction) -> None:
        """Show examples that can be run here."""
        examples = self._concierge.examples()
        status = await self._concierge.status(*scopes_of(interaction.guild_id, channel_of(interaction)))
        how = "Mention me, reply to me, write me directly, use /jarvis, or choose Apps in a message's menu."
        listed = "\n".join(f"- `{example}`" for example in examples)
        told = f"{how} {status}\n\nFor example:\n{listed}" if examples else f"{how} {status}"
        await tell(interaction, told, view=examples_list(examples) if examples else None)

    @app_commands.command(description="How much you asked")
    async def usage(self, interaction: discord.Interaction) -> None:
        """Say how much was asked."""
        await tell(interaction, await self._concierge.usage(PLATFORM, str(interaction.user.id)))

    @app_commands.command(name="my-data", description="Everything JARVIS keeps of you, as a file")
    async def my_data(self, interaction: discord.Interaction) -> None:
        """Send what is kept."""
        await think(interaction)
        data = await self._concierge.my_data(PLATFORM, str(interaction.user.id))
        if len(data) > interaction.filesize_limit:
            size = f"{len(data) / 2**20:.0f} MiB"
            await tell(
                interaction, f"What I keep of you has {size}, more than a message takes. Ask whoever runs me for it."
            )
            return
        await tell(interaction, "This is everything I keep about you.", file=(data, "my-data.json"))

    @app_commands.command(name="forget-me", description="Delete what JARVIS keeps of you")
    async def forget_me(self, interaction: discord.Interaction) -> None:
        """Delete what is kept."""
        await think(interaction)
        said = await self._concierge.forget_me(PLATFORM, str(interaction.user.id))
        await tell(interaction, f"{said} The messages on Discord are yours to delete.")

    @app_commands.command(description="Whether JARVIS can work here")
    async def doctor(self, interaction: discord.Interaction) -> None:
        """Say what works here and what is missing."""
        status = await self._concierge.status(*scopes_of(interaction.guild_id, channel_of(interaction)))
        await tell(interaction, "\n".join([*checked(interaction), f"- {status}"]))


def checked(interaction: discord.Interaction) -> list[str]:
    """Return what Discord lets us do here, line by line."""
    client = interaction.client
    content = client.intents.message_content
    latency = client.latency
    delay = "is new" if math.isnan(latency) else f"takes {latency * 1000:.0f} ms"
    lines = [f"- The connection to Discord {delay}."]
    lines.append(f"- Files may have {interaction.filesize_limit / 2**20:.0f} MiB here.")
    lines.append(
        "- I can read follow-ups in my threads without a mention."
        if content
        else "- I hear mentions, replies that ping me, direct messages and commands: Message Content is not granted."
    )
    if interaction.guild_id is not None and not interaction.is_guild_integration():
        return [*lines, NOT_INVITED]
    missing = [
        name.replace("_", " ") for name, needed in NEEDED if needed and not getattr(interaction.app_permissions, name)
    ]
    if interaction.guild_id is not None:
        lines.append(
            f"- I lack these rights here: {', '.join(missing)}." if missing else "- I have all rights I need here."
        )
    return lines

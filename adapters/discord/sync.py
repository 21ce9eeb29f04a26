"""All commands as one tree, which reaches Discord only when it has changed: Discord takes few changes a day."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands

from adapters.discord.replies import confess


class Tree(app_commands.CommandTree[discord.AutoShardedClient]):
    """All commands, and what happens when one fails."""

    async def on_error(self, interaction: discord.Interaction, error: app_commands.AppCommandError) -> None:
        """Tell who ran a command what went wrong with it."""
        if isinstance(error, app_commands.CheckFailure):
            return  # told by who checked
        cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
        await confess(interaction, cause)

    async def sync_if_changed(self) -> bool:
        """Bring Discord's list of commands up to date, and tell whether it had to be."""
        client = self.client
        number = client.application_id or 0
        ours = [command.to_dict(self) for command in self.get_commands()]
        theirs: Any = await client.http.get_global_commands(number)
        if same(ours, theirs):
            return False
        await client.http.bulk_upsert_global_commands(number, payload=ours)
        return True


def same(ours: Any, theirs: Any) -> bool:
    """Whether what we declare is what Discord has; what it adds of its own does not count, nor do empty values."""
    match ours:
        case dict():
            return isinstance(theirs, dict) and all(same(value, theirs.get(key)) for key, value in ours.items())
        case list() if ours and isinstance(ours[0], dict) and "name" in ours[0]:
            mine, other = (
                sorted(part or [], key=lambda one: (one.get("type", 1), one["name"])) for part in (ours, theirs)
            )
            return len(mine) == len(other) and all(map(same, mine, other))
        case None | False | [] | "":
            return not theirs
        case _:
            return ours == theirs or str(ours) == str(theirs)

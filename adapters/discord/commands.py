"""The slash command ``/jarvis``, the message menu, and all others beside them."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands

from adapters.concierge import Administration, Concierge
from adapters.discord.admin import Admin
from adapters.discord.asking import Asking, Wish, named
from adapters.discord.choices import MODES, choices
from adapters.discord.connection import Connection
from adapters.discord.hearing import about, promised
from adapters.discord.me import Me
from adapters.discord.presses import Presses
from adapters.discord.sync import Tree
from core.types import Mode

MENU = "Ask JARVIS about this"


def tree(
    client: discord.AutoShardedClient,
    connection: Connection,
    concierge: Concierge,
    administration: Administration,
    asking: Asking,
    presses: Presses,
) -> Tree:
    """Return all commands of ``client``."""
    found = Tree(
        client,
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
    )
    found.add_command(_jarvis(concierge, asking))
    found.add_command(_menu(connection, presses))
    found.add_command(Me(concierge))
    found.add_command(Admin(administration))
    return found


def _jarvis(concierge: Concierge, asking: Asking) -> app_commands.Command[Any, ..., None]:
    @app_commands.command(
        name="jarvis", description="Ask JARVIS to do something, with pictures, sounds, films or papers"
    )
    @app_commands.describe(
        text="What you would like",
        file="What it is about",
        file2="One more",
        file3="One more",
        file4="One more",
        mode="Where models may run, for this request",
        model="The model for each step that it can do",
        private="Only you see the answer",
    )
    @app_commands.choices(mode=MODES)
    async def jarvis(  # noqa: PLR0913, PLR0917 - the options of the command
        interaction: discord.Interaction,
        text: app_commands.Range[str, 1, 4000],
        file: discord.Attachment | None = None,
        file2: discord.Attachment | None = None,
        file3: discord.Attachment | None = None,
        file4: discord.Attachment | None = None,
        mode: str | None = None,
        model: str | None = None,
        private: bool = False,  # noqa: FBT001, FBT002 - an option of the command
    ) -> None:
        files = tuple(promised(one) for one in named([file, file2, file3, file4]))
        chosen = Mode(mode) if mode else None
        await asking.ask(interaction, Wish(text=text, files=files, mode=chosen, model=model or "", private=private))

    @jarvis.autocomplete("model")
    async def suggested(_interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return choices(concierge.models(typed))

    return jarvis


def _menu(connection: Connection, presses: Presses) -> app_commands.ContextMenu:
    async def ask_about(interaction: discord.Interaction, message: discord.Message) -> None:
        text, files = about(message, connection.me)
        await presses.open_form(interaction, Wish(text=text, files=files, about=message.jump_url))

    return app_commands.ContextMenu(name=MENU, callback=ask_about)

"""The link that lets somebody add the bot to a server, with exactly the rights that it uses."""

from __future__ import annotations

import discord

NEEDED = discord.Permissions(
    view_channel=True,
    send_messages=True,
    create_public_threads=True,
    send_messages_in_threads=True,
    attach_files=True,
    embed_links=True,
    read_message_history=True,
)
"""Without any of them something is done in its next best form."""

SCOPES = ("bot", "applications.commands")


def invite(application: int) -> str:
    """Return the link."""
    return discord.utils.oauth_url(application, permissions=NEEDED, scopes=SCOPES)

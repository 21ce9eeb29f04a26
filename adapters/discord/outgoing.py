"""What goes out with a message: whom it notifies, and files as discord.py sends them."""

from __future__ import annotations

import io
from typing import Any

import discord

from adapters.uploads import Upload

SPOILER = "SPOILER_"
"""How the names of files start that Discord hides until somebody clicks."""


def mentions(ping: str | None) -> discord.AllowedMentions:
    """Return who may be notified: one person, or nobody."""
    users: Any = [discord.Object(int(ping))] if ping is not None and ping.isdecimal() else False
    return discord.AllowedMentions(everyone=False, roles=False, users=users, replied_user=ping is not None)


def spoiler(name: str) -> str:
    """Return the name of a file that is to be hidden."""
    return f"{SPOILER}{name}"


def to_file(upload: Upload) -> discord.File:
    """Return a file as discord.py sends it."""
    data, name, about = upload
    return discord.File(io.BytesIO(data), filename=name, description=about or None)

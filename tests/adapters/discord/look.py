"""What stands in the local Discord."""

from __future__ import annotations

from tests.simulators.discord import Channel, Message, Simulator


def answered(discord: Simulator, where: Channel | None = None, count: int = 1) -> list[Message]:
    """The bot's last messages of each answer: those with buttons that ask for another."""
    found = [one for one in discord.said(where) if not one.v2 and any(part["type"] == 2 for part in one.parts())]
    return found if len(found) >= count else []

"""Finding our own messages again: the card by what its buttons say, the answer as what follows it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import discord

from adapters.discord.connection import Connection
from adapters.press import Press
from adapters.sheets import Sheet

HANDLE = re.compile(r"(\d+)/(\d+)")
"""A message's handle: its channel and its id."""

LOOK_BACK = 100
"""Messages searched."""


@dataclass(slots=True)
class Part:
    """A message of the answer, as it is on Discord."""

    id: str
    text: str
    files: int = 0
    buttons: bool = False

    def is_like(self, sheet: Sheet) -> bool:
        """Whether it shows a sheet already."""
        count = len(sheet.files) + bool(sheet.whole)
        return (self.text.strip(), self.files, self.buttons) == (sheet.text.strip(), count, bool(sheet.buttons))


async def find_card(connection: Connection, channel: str, request: str, *, after: str) -> str | None:
    """Return the card of a request that somebody before us posted; where we may not look, there is none."""
    try:
        async for message in connection.history(channel, after=int(after), limit=LOOK_BACK):
            if (
                message.author.id == connection.me.id
                and message.flags.components_v2
                and request in requests_on(message)
            ):
                return str(message.id)
    except (discord.Forbidden, discord.NotFound):
        return None
    return None


async def find_parts(connection: Connection, channel: str, card: str) -> list[Part]:
    """Return the messages of ours that follow a card, up to the next request's."""
    parts: list[Part] = []
    try:
        async for message in connection.history(channel, after=int(card), limit=LOOK_BACK):
            if message.author.id != connection.me.id or message.interaction_metadata or message.reference:
                continue
            if message.flags.components_v2:
                break
            parts.append(part_of(message))
    except (discord.Forbidden, discord.NotFound):
        return []
    return parts


def part_of(message: discord.Message) -> Part:
    """Return a message of the answer as it is."""
    buttons = bool(requests_on(message))
    return Part(str(message.id), message.content, len(message.attachments), buttons=buttons)


def requests_on(message: discord.Message) -> set[str]:
    """Return the requests that a message's buttons belong to."""
    return {press.request for press in presses_on(message)}


def presses_on(message: discord.Message) -> list[Press]:
    """Return what a message's buttons do, from left to right."""
    return [press for press in map(Press.read, _custom_ids(message.components)) if press is not None]


def _custom_ids(components: Any) -> list[str]:
    found: list[str] = []
    for component in components:
        custom_id = getattr(component, "custom_id", None)
        found += [custom_id] if custom_id else []
        found += _custom_ids(getattr(component, "children", ()))
        accessory = getattr(component, "accessory", None)
        found += _custom_ids([accessory]) if accessory is not None else []
    return found

"""What is on Discord for one request, as far as this process knows."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, field

import discord

from adapters.discord.ours import Part
from core.types import Request

OLD_SECONDS = 55 * 60.0
"""From one hour on, Discord hardly lets a message be edited: a new one takes its place."""


@dataclass(slots=True)
class Shown:
    """The card, and the messages of the answer."""

    channel: str
    card: str
    picture: str = ""  # of the card
    parts: list[Part] = field(default_factory=list)


def nonce(request: Request, what: str) -> str:
    """Return the nonce of one message of a request: the same in every process."""
    return hashlib.sha256(f"{request.id}/{what}".encode()).hexdigest()[:24]


def is_old(message: str) -> bool:
    """Whether a message is so old that a new one takes its place when it changes."""
    return time.time() - discord.utils.snowflake_time(int(message)).timestamp() > OLD_SECONDS

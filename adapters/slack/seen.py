"""The sign that somebody was heard, before anybody has begun to work on what they said."""

from __future__ import annotations

from contextlib import suppress

from slack_sdk.errors import SlackApiError

from adapters.slack.connection import Connection
from adapters.slack.place import ts_of
from core.types import Origin

SIGN = "eyes"


async def nod(connection: Connection, origin: Origin) -> None:
    """Let the author see that we are at it; where that is not allowed, the card follows anyway."""
    with suppress(SlackApiError):
        await (await connection.client(origin.workspace)).reactions_add(
            channel=origin.channel, timestamp=ts_of(origin), name=SIGN
        )

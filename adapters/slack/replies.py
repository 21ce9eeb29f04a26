"""What only one person shall read: beside what they did, or where that cannot be, in their direct conversation."""

from __future__ import annotations

from slack_sdk.errors import SlackApiError

from adapters.slack.connection import Connection
from adapters.slack.markup import escaped
from adapters.slack.place import is_direct

CHARS = 3_000
"""Of one such message: what a section of blocks takes, too."""


def plain(text: str, chars: int = CHARS) -> str:
    """Return a sentence as Slack shows it word for word: whatever it quotes calls nobody."""
    return escaped(text if len(text) <= chars else text[: chars - 1] + "…")


async def tell(connection: Connection, team: str, channel: str, user: str, text: str, *, thread: str = "") -> None:
    """Tell one person something. Raises SlackApiError where it cannot be told anywhere."""
    if is_direct(channel):
        await connection.post(team, channel, text=plain(text), thread=thread)
        return
    try:
        await connection.ephemeral(team, channel, user, text=plain(text), thread=thread)
    except SlackApiError:
        await connection.post(team, await connection.direct(team, user), text=plain(text))

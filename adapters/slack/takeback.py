"""Taking an answer back: every message of ours that belongs to a request, those with its files too."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.concierge import Concierge
from adapters.slack.line import Line, Message
from adapters.slack.ours import about_of
from adapters.slack.place import target_of


async def take_back(line: Line, concierge: Concierge, number: str) -> None:
    """Delete what was posted for a request."""
    request = await concierge.request(number)
    if request is None:
        return
    team, target = request.origin.workspace, target_of(request.origin)
    me = await line.me(team)
    found = [one async for one in line.replies(team, target.channel, target.thread)]
    for ts in reversed(belonging(found, me, number)):
        await line.delete(team, target.channel, ts)


def belonging(messages: Sequence[Message], me: str, number: str) -> list[str]:
    """Return the ``ts`` of what belongs to a request, of a thread's messages in their order.

    Files have no metadata: they belong to the request whose messages stand before them.
    """
    found: list[str] = []
    current = ""
    for message in messages:
        about = about_of(message)
        if message.get("user") != me:
            current = ""
        elif about is not None:
            current = about[0]
        if current == number and (about is not None or message.get("files")):
            found.append(str(message["ts"]))
    return found

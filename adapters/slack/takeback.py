"""Taking an answer back: every message of ours that belongs to a request."""

from __future__ import annotations

from adapters.concierge import Concierge
from adapters.slack.line import Line
from adapters.slack.place import target_of


async def take_back(line: Line, concierge: Concierge, number: str) -> None:
    """Delete what was posted for a request."""
    request = await concierge.request(number)
    if request is None:
        return
    team, target = request.origin.workspace, target_of(request.origin)
    found = [one async for one in line.replies(team, target.channel, target.thread)]
    for message in found:
        payload = (message.get("metadata") or {}).get("event_payload") or {}
        if number in payload.values():
            await line.delete(team, target.channel, str(message["ts"]))

"""Taking an answer back: every message of ours that belongs to a request, and its files."""

from __future__ import annotations

from adapters.concierge import Concierge
from adapters.slack.connection import Connection
from adapters.slack.ours import find
from adapters.slack.place import target_of, ts_of


async def take_back(connection: Connection, concierge: Concierge, number: str) -> None:
    """Delete what was posted for a request. Which files belong to it, its answer's metadata say."""
    request = await concierge.request(number)
    if request is None:
        return
    team, target = request.origin.workspace, target_of(request.origin)
    found = await find(connection, team, target.channel, target.thread, number, after=ts_of(request.origin))
    files = [file for file in found.files.values() if file in found.shared]
    holding = {found.shared[file] for file in files}
    for ts in dict.fromkeys([found.card, *found.parts.values(), *found.orphans, *holding]):
        if ts:
            await connection.delete(team, target.channel, ts)
    for file in files:
        await connection.delete_file(team, file)

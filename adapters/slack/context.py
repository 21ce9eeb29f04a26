"""What a mention in somebody else's thread is about: what was said there before it."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

import anyio

from adapters.slack.connection import Connection
from adapters.slack.errands import LOST
from adapters.slack.hearing import Event, Heard, attached, said_in
from core.types import Attachment

SECONDS = 1.5
"""In which Slack must tell: it waits three seconds for us."""

LOOK_BACK = 50
"""Messages of the thread that are read."""


async def said_before(
    connection: Connection, heard: Heard, me: str, names: Mapping[str, str]
) -> tuple[str, tuple[Attachment, ...]]:
    """Return words and files of what a message in a thread replies to, where it brings no file itself.

    The newest message before it that brings files, else the words of the one that the thread hangs from.
    """
    try:
        with anyio.fail_after(SECONDS):
            found = [one async for one in connection.replies(heard.team, heard.channel, heard.thread, most=LOOK_BACK)]
    except LOST:
        return "", ()
    before = [one for one in found if str(one.get("ts", "")) < heard.ts and one.get("user") != me]
    for event in reversed(before):
        if files := tuple(attached(event, heard.team)):
            return "", files
    root: list[Event] = list(islice(before, 1))
    return (said_in(root[0], me, names), ()) if root else ("", ())

"""Finding our own messages again, by what their metadata say; and streams, which have none before they end."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from slack_sdk.errors import SlackApiError

from adapters.slack.connection import Connection, Message, error_of

EVENT = "jarvis_request"
"""The type of our metadata."""

CARD = "card"
"""The part of a request's messages that shows how far it is; those of the answer are numbered from 0."""

HANDLE = re.compile(r"([A-Z0-9]+)/(\d+\.\d+)")
"""A message's handle: its channel and its ``ts``."""

HIDDEN = frozenset({"channel_not_found", "missing_scope", "not_in_channel", "thread_not_found", "message_not_found"})
"""What Slack says where there is nothing that we may read."""


@dataclass(slots=True)
class Found:
    """Which messages of a request are in a thread."""

    card: str = ""
    parts: dict[int, str] = field(default_factory=dict)  # of the answer: number -> ts
    orphans: list[str] = field(default_factory=list)  # streams that nobody ended
    files: dict[str, str] = field(default_factory=dict)  # that we meant to put there: name -> id
    shared: dict[str, str] = field(default_factory=dict)  # what is there: id -> ts of the message that holds it

    @property
    def nothing(self) -> bool:
        """Whether there is none."""
        return not self.card and not self.parts


def metadata(request: str, part: str | int, files: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return the metadata of a message: which request it belongs to, and which part of it it is.

    ``files``: those that will stand below it, as ids by their names.
    """
    payload: dict[str, Any] = {"request": request, "part": str(part)}
    if files:
        payload["files"] = [f"{number}/{name}" for name, number in files.items()]
    return {"event_type": EVENT, "event_payload": payload}


async def find(connection: Connection, team: str, channel: str, thread: str, request: str, *, after: str) -> Found:
    """Return what of a request is in a thread since ``after``; where we may not look, there is nothing."""
    found = Found()
    try:
        me = await connection.me(team)
        async for message in connection.replies(team, channel, thread, after=after):
            if message.get("user") == me:
                _sort(found, message, request)
    except SlackApiError as error:
        if error_of(error) not in HIDDEN:
            raise
    return found


async def find_card(connection: Connection, team: str, channel: str, request: str, *, after: str) -> str:
    """Return the ``ts`` of a request's card that stands in a channel itself; "" where there is none."""
    try:
        said = await connection.recent(team, channel, after=after)
    except SlackApiError as error:
        if error_of(error) not in HIDDEN:
            raise
        return ""
    return next((str(message["ts"]) for message in said if about_of(message) == (request, CARD)), "")


def _sort(found: Found, message: Message, request: str) -> None:
    ts, about = str(message["ts"]), about_of(message)
    if about is not None and about[0] == request:
        _keep(found, ts, about[1])
        found.files |= _files_in(message)
    if message.get("metadata"):
        return
    if files := message.get("files"):
        found.shared |= {str(file.get("id")): ts for file in files}
    elif found.card and _may_be_of(message, request):
        found.orphans.append(ts)


def _keep(found: Found, ts: str, part: str) -> None:
    if part == CARD:
        found.card = found.card or ts
    elif part.isdecimal():
        found.parts.setdefault(int(part), ts)


def _files_in(message: Message) -> dict[str, str]:
    said = message["metadata"]["event_payload"].get("files") or ()
    pairs = (str(one).partition("/") for one in said)
    return {name: number for number, _, name in pairs}


def about_of(message: Message) -> tuple[str, str] | None:
    """Return the request and the part that a message is, or None where it is none of these."""
    said = message.get("metadata") or {}
    payload = said.get("event_payload") if isinstance(said, Mapping) else None
    if said.get("event_type") != EVENT or not isinstance(payload, Mapping):
        return None
    return str(payload.get("request") or ""), str(payload.get("part") or "")


def _may_be_of(message: Message, request: str) -> bool:
    """Whether a message without metadata is a stream of a request: it names its steps, or has none."""
    if message.get("subtype"):
        return False
    blocks = message.get("blocks") or []
    steps = [str(task.get("task_id")) for block in blocks for task in _tasks(block)]
    return all(step.startswith(request) for step in steps)


def _tasks(block: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [block] if block.get("type") == "task_card" else list(block.get("tasks") or ())

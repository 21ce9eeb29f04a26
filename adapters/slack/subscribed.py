"""Which events reach us: no bot can ask Slack what it is subscribed to, but it knows what it was told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapters.slack.needs import EVENTS

PLACES = {"channel": "message.channels", "group": "message.groups", "im": "message.im", "mpim": "message.mpim"}
"""What an event about a message is called in the manifest, by the kind of its place."""

WATCHED = ("app_mention", *PLACES.values())


class Subscribed:
    """Writes down what it sees."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._seen: set[str] = set()

    def note(self, event: Mapping[str, Any]) -> None:
        """See an event."""
        kind = str(event.get("type") or "")
        self._seen.add(PLACES.get(str(event.get("channel_type")), kind) if kind == "message" else kind)

    def told(self) -> str:
        """Say which events came since we began, and which did not."""
        missing = [name for name in WATCHED if name in EVENTS and name not in self._seen]
        if not missing:
            return "Every kind of message has reached me since I began."
        came = [name for name in WATCHED if name in self._seen]
        first = (
            f"These events have reached me since I began: {', '.join(came)}."
            if came
            else "No event has reached me yet."
        )
        return (
            f"{first} Not yet: {', '.join(missing)}; if people wrote there, the app's page lacks these subscriptions."
        )

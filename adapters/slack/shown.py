"""What is in Slack for one request, as far as this process knows."""

from __future__ import annotations

from dataclasses import dataclass, field

import anyio

from adapters.slack.format import Layout
from adapters.slack.ours import Found
from adapters.slack.stream import Stream

LONG_AGO = float("-inf")


@dataclass(slots=True)
class Shown:
    """The card, and the messages of the answer."""

    channel: str
    thread: str
    card: str  # "" once it is gone, or has become the answer
    drawn: Layout | None = None  # what the card shows
    stream: Stream | None = None
    parts: dict[int, str] = field(default_factory=dict)  # of the answer: number -> ts
    written: dict[int, Layout] = field(default_factory=dict)  # what they show
    files: dict[str, str] = field(default_factory=dict)  # that were meant to stand in the thread: name -> id
    shared: set[str] = field(default_factory=set)  # ids of those that do
    streams: bool = True  # whether it may still begin to stream
    doubtful: bool = False  # a stream may have begun of which we do not know
    way: str = ""  # by which its status was set
    told: float = LONG_AGO  # when
    words: str = ""  # what it says
    lock: anyio.Lock = field(default_factory=anyio.Lock)

    @classmethod
    def of(cls, channel: str, thread: str, found: Found) -> Shown:
        """Return what somebody before us left."""
        return cls(channel, thread, found.card, parts=dict(found.parts), files=found.files, shared=set(found.shared))

    @property
    def first(self) -> str:
        """The ``ts`` of the message that a handle names: the card, or what became of it."""
        return self.card or self.parts[min(self.parts)]

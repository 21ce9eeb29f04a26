"""Agents: sessions in threads, statuses that fade, titles, suggested prompts, and the native Stop."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from tests.simulators.slack import streams as writing
from tests.simulators.slack.app import App
from tests.simulators.slack.events import Events
from tests.simulators.slack.world import Channel, Message, User, World, stamp

FADES = 120.0  # seconds after which a status is gone by itself

EXPIRES = 3601.0  # and after which a session is no longer at work
STATUSES = {"active", "processing", "suspended", "closed"}

Place = tuple[str, str]
"""Channel and thread."""


@dataclass
class Status:
    """What is shown below a thread: "JARVIS is thinking..."."""

    text: str
    loading: list[str] = field(default_factory=list)
    at: float = field(default_factory=time.time)


@dataclass
class Session:
    """An agent's session in a thread."""

    said: str
    title: str = ""
    at: float = field(default_factory=time.time)
    history: list[str] = field(default_factory=list)

    @property
    def status(self) -> str:
        """How it is now."""
        over = self.said == "processing" and time.time() - self.at > EXPIRES
        return "active" if over else self.said

    def become(self, status: str) -> None:
        """Change."""
        self.said, self.at = status, time.time()
        self.history.append(status)


class Agents:
    """All sessions and statuses."""

    def __init__(self, world: World, app: App, events: Events) -> None:
        self.world = world
        self.app = app
        self.events = events
        self.fades = FADES
        self.statuses: dict[Place, Status] = {}
        self.told: list[tuple[Place, str]] = []  # every status that was set, in order
        self.titles: dict[Place, str] = {}
        self.prompts: dict[Place, list[dict[str, str]]] = {}  # thread "" of the whole DM
        self.sessions: dict[Place, Session] = {}

    def status(self, channel: Channel, thread: str) -> str:
        """Return the status that is shown in a thread now."""
        found = self.statuses.get((channel.id, thread))
        return found.text if found and time.time() - found.at < self.fades else ""

    def posted(self, message: Message) -> None:
        """Forget a status where the bot has written."""
        if message.author.bot:
            self.statuses.pop((message.channel.id, message.root), None)

    def stopped(self, channel: Channel, thread: str, status: str) -> None:
        """Note that a stream in a session's thread has ended."""
        if (channel.id, thread) in self.sessions:
            self.sessions[channel.id, thread].become(status)

    def stop(self, user: User, channel: Channel, thread: str) -> None:
        """Press Stop; it is only there while the session is at work, and for apps that hear of it."""
        session = self.sessions.get((channel.id, thread))
        assert session, "there is no session"
        assert session.status == "processing", "there is no Stop: the session is not at work"
        assert "agent_session_stopped" in self.app.events, "there is no Stop: the app does not hear of it"
        streams = [one for one in channel.messages.values() if one.thread_ts == thread and one.stream]
        live = [one for one in streams if one.stream and one.stream.live]
        for one in live:
            assert one.stream
            one.stream.stopped_by = user.id
            writing.end(one)
        shape = {"type": "agent_session_stopped", "channel": channel.id, "thread_ts": thread, "user": user.id}
        shape |= {"event_ts": stamp()}
        told = shape | {"streaming_message_ts": [one.ts for one in live]}
        self.events.tell(channel.team, "agent_session_stopped", told)

"""What a message says to us: whether it is for us at all, its words, and the files it brings or points to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from adapters.requests import files_of, request_id
from adapters.slack.files import promised
from adapters.slack.place import anew, is_direct, origin_of
from adapters.slack.reading import mentioned, words
from core.types import Attachment, Author, Origin, Request

Event: TypeAlias = Mapping[str, Any]
"""A message as Slack tells of it."""

SAID = ("", "file_share", "thread_broadcast", "me_message")
"""The kinds of messages that people write; all others tell of something that happened."""


SLACKBOT = "USLACKBOT"
"""Slack itself, which has no bot's id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A message of a person, and where it was written."""

    team: str
    channel: str
    event: Event

    @property
    def ts(self) -> str:
        """The message's own ``ts``."""
        return str(self.event.get("ts", ""))

    @property
    def thread(self) -> str:
        """The ``ts`` of the message that its thread hangs from; empty outside of threads."""
        return str(self.event.get("thread_ts") or "")

    @property
    def author(self) -> str:
        """The id of who wrote it."""
        return str(self.event.get("user") or "")

    @property
    def text(self) -> str:
        """Its text, in Slack's markup."""
        return str(self.event.get("text") or "")

    @property
    def origin(self) -> Origin:
        """Where it was written."""
        return origin_of(self.team, self.channel, self.ts, self.thread)


def is_said(heard: Heard) -> bool:
    """Whether a person wrote it."""
    event = heard.event
    from_bot = heard.author == SLACKBOT or event.get("bot_id") or event.get("bot_profile") or event.get("hidden")
    return bool(heard.author and heard.ts) and not from_bot and (event.get("subtype") or "") in SAID


def is_to_us(heard: Heard, me: str) -> bool:
    """Whether it is addressed to us, wherever it stands."""
    return is_direct(heard.channel) or me in mentioned(heard.text)


def may_follow(heard: Heard) -> bool:
    """Whether it is for us if its thread is ours: it is addressed to nobody else."""
    return bool(heard.thread) and heard.thread != heard.ts and not mentioned(heard.text)


def request_of(heard: Heard, me: str, names: Mapping[str, str], *, why: str = "") -> Request:
    """Return the request that a message is, or with ``why`` another one that the same message became."""
    origin = anew(heard.origin, why) if why else heard.origin
    text = said_in(heard.event, me, names)
    return Request(
        id=request_id(origin),
        origin=origin,
        author=Author(id=heard.author, name=name_in(heard.event) or names.get(heard.author, "")),
        text=text,
        attachments=files_of(text, attached(heard.event, heard.team)),
    )


def said_in(event: Event, me: str, names: Mapping[str, str]) -> str:
    """Return the words of a message, those of messages that it forwards below them."""
    texts = [str(event.get("text") or ""), *(str(one.get("text") or "") for one in _forwarded(event))]
    return "\n\n".join(said for text in texts if (said := words(text, me, names)))


def attached(event: Event, team: str) -> Iterator[Attachment]:
    """Yield the files of a message, those of messages that it forwards included."""
    for part in (event, *_forwarded(event)):
        for file in part.get("files") or ():
            yield promised(file, team)


def name_in(event: Event) -> str:
    """Return the name of who wrote a message where it comes along."""
    profile = event.get("user_profile") or {}
    return str(profile.get("display_name") or profile.get("real_name") or "")


def _forwarded(event: Event) -> list[Event]:
    """Return the messages that a message forwards: previews of links are none."""
    return [one for one in event.get("attachments") or () if one.get("is_share") or one.get("is_msg_unfurl")]

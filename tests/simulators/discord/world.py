"""What there is in this Discord: users, servers, channels, threads, messages; and how each looks on the wire."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeAlias

from tests.simulators.discord.permissions import EVERYTHING, USUAL, May
from tests.simulators.discord.refusal import unknown

EPOCH = 1_420_070_400_000
V2 = 1 << 15
EPHEMERAL = 1 << 6
HAS_THREAD = 1 << 5
LOADING = 1 << 7
TEXT, DM, VOICE, NEWS, NEWS_THREAD, PUBLIC_THREAD, STAGE, FORUM = 0, 1, 2, 5, 10, 11, 13, 15
TIERS = {0: 10, 1: 10, 2: 50, 3: 100}
"""Upload limit in MiB by boost tier."""

_numbers = itertools.count()


def snowflake() -> str:
    """Return a fresh id; later ones are larger."""
    return str(((int(time.time() * 1000) - EPOCH) << 22) | (next(_numbers) & 0x3FFFFF))


def stamp(at: float) -> str:
    """Return a time as Discord writes it."""
    return datetime.fromtimestamp(at, UTC).isoformat()


@dataclass(eq=False)
class User:
    """An account."""

    name: str
    bot: bool = False
    closed: bool = False  # to direct messages
    id: str = field(default_factory=snowflake)

    def json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "username": self.name.lower(),
            "global_name": None if self.bot else self.name,
            "discriminator": "0",
            "avatar": None,
            "bot": self.bot,
            "public_flags": 0,
        }


@dataclass(eq=False)
class Role:
    """A role of a server."""

    name: str
    permissions: May = May(0)  # noqa: RUF009 - an immutable number
    mentionable: bool = False
    bot: str = ""  # of a managed role: whose
    id: str = field(default_factory=snowflake)

    def json(self) -> dict[str, Any]:
        tags = {"tags": {"bot_id": self.bot}} if self.bot else {}
        return {
            "id": self.id,
            "name": self.name,
            "permissions": str(int(self.permissions)),
            "position": 0,
            "color": 0,
            "colors": {"primary_color": 0},
            "hoist": False,
            "managed": bool(self.bot),
            "mentionable": self.mentionable,
            "flags": 0,
            **tags,
        }


@dataclass(eq=False)
class Channel:
    """A place to write in; a thread when it has a parent."""

    name: str
    guild: Guild | None = None
    type: int = TEXT
    parent: Channel | None = None
    owner: User | None = None
    recipient: User | None = None  # of a DM
    nsfw: bool = False
    archived: bool = False
    locked: bool = False  # only a moderator opens or writes in it
    denied: May = May(0)  # noqa: RUF009 - for everybody but administrators
    id: str = field(default_factory=snowflake)
    messages: dict[str, Message] = field(default_factory=dict)
    typed: list[float] = field(default_factory=list)  # when the bot showed that it types

    def json(self) -> dict[str, Any]:
        if self.guild is None:
            assert self.recipient
            return {"id": self.id, "type": DM, "recipients": [self.recipient.json()], "last_message_id": None}
        shape: dict[str, Any] = {
            "id": self.id,
            "type": self.type,
            "guild_id": self.guild.id,
            "name": self.name,
            "position": 0,
            "nsfw": self.nsfw,
            "last_message_id": next(reversed(self.messages), None),
            "permission_overwrites": [],
        }
        if self.denied:
            everyone = {"id": self.guild.id, "type": 0, "allow": "0", "deny": str(int(self.denied))}
            shape["permission_overwrites"] = [everyone]
        if self.type in {VOICE, STAGE}:
            shape |= {"bitrate": 64000, "user_limit": 0}
        if self.type == FORUM:
            shape |= {"available_tags": [], "default_sort_order": None, "default_forum_layout": 0, "flags": 0}
        if self.parent:
            assert self.owner
            shape |= {
                "parent_id": self.parent.id,
                "owner_id": self.owner.id,
                "message_count": len(self.messages),
                "member_count": 1,
                "thread_metadata": {
                    "archived": self.archived,
                    "auto_archive_duration": 1440,
                    "archive_timestamp": stamp(time.time()),
                    "locked": self.locked,
                },
            }
        return shape


@dataclass(eq=False)
class Guild:
    """A server."""

    name: str
    owner: User
    tier: int = 0
    id: str = field(default_factory=snowflake)
    roles: dict[str, Role] = field(default_factory=dict)
    members: dict[str, tuple[User, list[str]]] = field(default_factory=dict)  # user -> roles
    channels: dict[str, Channel] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.roles[self.id] = Role("@everyone", USUAL, id=self.id)
        self.members[self.owner.id] = (self.owner, [])

    @property
    def upload_limit(self) -> int:
        return TIERS[self.tier] * 2**20

    def may(self, user: User, channel: Channel | None = None) -> May:
        """Return what a member may do."""
        if user.id == self.owner.id:
            return EVERYTHING
        if user.id not in self.members:
            return May(0)
        roles = [self.roles[self.id], *(self.roles[role] for role in self.members[user.id][1])]
        granted = May(0)
        for role in roles:
            granted |= role.permissions
        if May.ADMINISTRATOR in granted:
            return EVERYTHING
        place = channel.parent or channel if channel else None
        return granted & ~place.denied if place else granted

    def member(self, user: User) -> dict[str, Any]:
        return {"user": user.json(), "roles": self.members[user.id][1], "joined_at": stamp(0), "flags": 0, "nick": None}

    def json(self, bot: User) -> dict[str, Any]:
        threads = [channel for channel in self.channels.values() if channel.parent]
        return {
            "id": self.id,
            "name": self.name,
            "owner_id": self.owner.id,
            "premium_tier": self.tier,
            "member_count": len(self.members),
            "features": [],
            "roles": [role.json() for role in self.roles.values()],
            "members": [self.member(bot)],
            "channels": [channel.json() for channel in self.channels.values() if not channel.parent],
            "threads": [thread.json() for thread in threads if not thread.archived],
            "emojis": [],
            "stickers": [],
            "unavailable": False,
        }


Hide: TypeAlias = Callable[["Message"], bool]
"""Whether the bot may not read what a message says."""


@dataclass(eq=False)
class Message:
    """A message, with everything that happened to it."""

    channel: Channel
    author: User
    content: str = ""
    attachments: list[dict[str, Any]] = field(default_factory=list)
    components: list[dict[str, Any]] = field(default_factory=list)
    flags: int = 0
    reference: dict[str, Any] | None = None
    mentions: list[User] = field(default_factory=list)
    role_mentions: list[str] = field(default_factory=list)
    pinged: set[str] = field(default_factory=set)  # names of who was notified
    nonce: str = ""
    interaction: dict[str, Any] | None = None
    for_only: User | None = None  # of an ephemeral one
    id: str = field(default_factory=snowflake)
    at: float = field(default_factory=time.time)
    edited: float | None = None
    deleted: bool = False
    reactions: list[str] = field(default_factory=list)
    edits: list[float] = field(default_factory=list)
    thread: Channel | None = None

    @property
    def v2(self) -> bool:
        return bool(self.flags & V2)

    @property
    def text(self) -> str:
        """Everything that can be read in it."""
        shown = [str(part["content"]) for part in self.parts() if part["type"] == 10]
        return "\n".join([*([self.content] if self.content else []), *shown])

    def parts(self) -> Iterator[dict[str, Any]]:
        """Yield all components, however deep."""
        yield from walk(self.components)

    def button(self, label: str) -> dict[str, Any]:
        """Return the button with these words or this picture on it."""
        for part in self.parts():
            if part["type"] == 2 and label in {part.get("label"), (part.get("emoji") or {}).get("name")}:
                return part
        raise AssertionError(f"there is no button {label!r} in: {list(self.parts())}")

    def json(self, hide: Hide = lambda _message: False, *, deep: bool = True) -> dict[str, Any]:
        hidden = hide(self)
        shape: dict[str, Any] = {
            "id": self.id,
            "channel_id": self.channel.id,
            "author": self.author.json(),
            "content": "" if hidden else self.content,
            "timestamp": stamp(self.at),
            "edited_timestamp": stamp(self.edited) if self.edited else None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [user.json() for user in self.mentions],
            "mention_roles": self.role_mentions,
            "attachments": [] if hidden else self.attachments,
            "embeds": [],
            "components": [] if hidden else self.components,
            "pinned": False,
            "type": 19 if self.reference else 20 if self.interaction else 0,
            "flags": self.flags,
        }
        if self.nonce:
            shape["nonce"] = self.nonce
        if self.interaction:
            shape["interaction_metadata"] = self.interaction
        if self.reference:
            replied = self.channel.messages.get(self.reference["message_id"])
            shape["message_reference"] = self.reference
            if deep:
                there = replied is not None and not replied.deleted
                shape["referenced_message"] = replied.json(hide, deep=False) if replied and there else None
        if self.thread:
            shape["thread"] = self.thread.json()
        return shape


def walk(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield components and what they hold."""
    for part in components:
        yield part
        yield from walk(part.get("components") or [])
        if part.get("accessory"):
            yield part["accessory"]
        if isinstance(part.get("component"), dict):
            yield from walk([part["component"]])


class World:
    """Everything of one Discord."""

    def __init__(self) -> None:
        self.bot = User("JARVIS", bot=True)
        self.users: dict[str, User] = {self.bot.id: self.bot}
        self.guilds: dict[str, Guild] = {}
        self.channels: dict[str, Channel] = {}
        self.commands: list[dict[str, Any]] = []
        self.files: dict[str, bytes] = {}  # path on the CDN -> content

    def user(self, name: str) -> User:
        made = User(name)
        self.users[made.id] = made
        return made

    def guild(self, owner: User, name: str = "Workshop", *, tier: int = 0, permissions: May = USUAL) -> Guild:
        """Found a server that the bot is in, with these permissions of its own role."""
        made = Guild(name, owner, tier=tier)
        own = Role("JARVIS", permissions, bot=self.bot.id)
        made.roles[own.id] = own
        made.members[self.bot.id] = (self.bot, [own.id])
        self.guilds[made.id] = made
        return made

    def channel(self, guild: Guild, name: str, *, type: int = TEXT, denied: May = May(0), id: str = "") -> Channel:  # noqa: A002, B008
        made = Channel(name, guild, type=type, denied=denied)
        if id:
            made.id = id
        return self.keep(made)

    def keep(self, channel: Channel) -> Channel:
        self.channels[channel.id] = channel
        if channel.guild:
            channel.guild.channels[channel.id] = channel
        return channel

    def dm(self, user: User) -> Channel:
        """Return the channel between the bot and somebody."""
        for channel in self.channels.values():
            if channel.recipient is user:
                return channel
        return self.keep(Channel("", type=DM, recipient=user))

    def find(self, channel: str) -> Channel:
        if channel not in self.channels:
            raise unknown("Channel")
        return self.channels[channel]

    def message(self, channel: str, number: str) -> Message:
        found = self.find(channel).messages.get(number)
        if found is None or found.deleted:
            raise unknown("Message")
        return found

    def may(self, user: User, channel: Channel) -> May:
        """Return what somebody may do in a channel."""
        if channel.guild is None:
            return EVERYTHING if user in (self.bot, channel.recipient) else May(0)
        return channel.guild.may(user, channel)

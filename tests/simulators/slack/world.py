"""What there is in this Slack: workspaces, people, channels, messages, files; and how each looks on the wire."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from tests.simulators.slack.refusal import Refused

PUBLIC, PRIVATE, IM, MPIM = "channel", "group", "im", "mpim"
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"


def number(kind: str) -> str:
    """Return a fresh id: T0..., U0..., C0..."""
    return f"{kind}0{''.join(secrets.choice(LETTERS) for _ in range(9))}"


class Clock:
    """Gives timestamps; no two are the same, and later ones are larger."""

    def __init__(self) -> None:
        self.last = 0  # microseconds

    def __call__(self) -> str:
        self.last = max(self.last + 1, int(time.time() * 1e6))
        return f"{self.last // 1_000_000}.{self.last % 1_000_000:06d}"


stamp = Clock()


@dataclass(eq=False)
class Team:
    """A workspace."""

    name: str
    id: str = field(default_factory=lambda: number("T"))

    @property
    def domain(self) -> str:
        return self.name.lower()


@dataclass(eq=False)
class User:
    """An account of a workspace; ``bot`` is the B id of a bot user."""

    name: str
    team: Team
    admin: bool = False
    owner: bool = False
    bot: str = ""
    guest: bool = False
    stranger: bool = False  # from another organisation, by a shared channel
    deleted: bool = False
    id: str = field(default_factory=lambda: number("U"))

    def json(self) -> dict[str, Any]:
        profile = {"real_name": self.name, "display_name": self.name, "real_name_normalized": self.name, "team": ""}
        return {
            "id": self.id,
            "team_id": self.team.id,
            "name": self.name.lower(),
            "real_name": self.name,
            "deleted": self.deleted,
            "tz": "Europe/Amsterdam",
            "profile": profile | {"team": self.team.id},
            "is_admin": self.admin,
            "is_owner": self.owner,
            "is_primary_owner": False,
            "is_restricted": self.guest,
            "is_ultra_restricted": False,
            "is_stranger": self.stranger,
            "is_bot": bool(self.bot),
            "is_app_user": False,
            "updated": 1700000000,
        }


@dataclass(eq=False)
class Channel:
    """A conversation; a DM has a partner in place of a name."""

    name: str
    team: Team
    kind: str = PUBLIC
    members: dict[str, User] = field(default_factory=dict)
    id: str = field(default_factory=lambda: number("C"))
    messages: dict[str, Message] = field(default_factory=dict)
    archived: bool = False
    shared: bool = False  # with another organisation

    @property
    def private(self) -> bool:
        return self.kind != PUBLIC

    def json(self, bot: User) -> dict[str, Any]:
        shape: dict[str, Any] = {
            "id": self.id,
            "created": 1700000000,
            "is_archived": self.archived,
            "is_org_shared": False,
            "context_team_id": self.team.id,
            "updated": 1700000000000,
        }
        if self.kind == IM:
            partner = next((user for user in self.members.values() if user is not bot), bot)
            return shape | {"is_im": True, "user": partner.id, "is_user_deleted": partner.deleted, "priority": 0}
        return shape | {
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": self.kind == PUBLIC,
            "is_group": self.kind == PRIVATE,
            "is_im": False,
            "is_mpim": self.kind == MPIM,
            "is_private": self.private,
            "is_general": self.name == "general",
            "is_shared": self.shared,
            "is_ext_shared": self.shared,
            "is_member": bot.id in self.members,
            "topic": {"value": "", "creator": "", "last_set": 0},
            "purpose": {"value": "", "creator": "", "last_set": 0},
            "num_members": len(self.members),
        }


@dataclass(eq=False)
class File:
    """A file: bytes that are there at once, or only after Slack has worked on them."""

    name: str
    data: bytes
    mimetype: str
    team: Team
    user: User
    title: str = ""
    alt: str = ""
    mode: str = "hosted"
    url: str = ""  # url_private
    subtype: str = ""  # slack_audio, slack_video of clips
    ready_at: float = 0.0  # when its processing ends
    access: str = "visible"
    shares: list[tuple[Channel, str]] = field(default_factory=list)
    deleted: bool = False
    id: str = field(default_factory=lambda: number("F"))

    @property
    def ready(self) -> bool:
        return time.time() >= self.ready_at

    def json(self) -> dict[str, Any]:
        shape: dict[str, Any] = {"id": self.id, "created": 1700000000, "mode": self.mode, "user": self.user.id}
        if self.access == "check_file_info":  # of a channel shared with others: only files.info says more
            return {"id": self.id, "mode": "file_access", "file_access": "check_file_info", "created": 0}
        if self.deleted:
            return {"id": self.id, "mode": "tombstone"}
        if self.mode == "hidden_by_limit":
            return {"id": self.id, "mode": "hidden_by_limit"}
        kind = self.name.rpartition(".")[2].lower() or "binary"
        shape |= {
            "timestamp": 1700000000,
            "name": self.name,
            "title": self.title or self.name,
            "mimetype": self.mimetype if self.ready else "",
            "filetype": kind if self.ready else "",
            "pretty_type": kind.upper(),
            "size": len(self.data),
            "user_team": self.team.id,
            "editable": False,
            "is_external": self.mode == "external",
            "external_type": "gdrive" if self.mode == "external" else "",
            "is_public": not self.shares or any(not channel.private for channel, _ in self.shares),
            "public_url_shared": False,
            "display_as_bot": False,
            "username": "",
            "url_private": self.url,
            "permalink": f"https://{self.team.domain}.slack.com/files/{self.user.id}/{self.id}/{self.name}",
            "has_rich_preview": False,
            "file_access": self.access,
        }
        if self.mode != "external":
            shape["url_private_download"] = self.url.replace(f"{self.id}/", f"{self.id}/download/", 1)
        if self.alt:
            shape["alt_txt"] = self.alt
        if self.subtype:
            shape |= {"subtype": self.subtype, "duration_ms": 2000}
        return shape

    def full(self) -> dict[str, Any]:
        """What files.info says: also where it is shared, and whether it is ready."""
        shape = File.json(self if self.access != "check_file_info" else _seen(self))
        public: dict[str, list[dict[str, Any]]] = {}
        private: dict[str, list[dict[str, Any]]] = {}
        for channel, ts in self.shares:
            (private if channel.private else public).setdefault(channel.id, []).append({"ts": ts})
        shares = {name: found for name, found in (("public", public), ("private", private)) if found}
        return shape | {"shares": shares, "channels": list(public), "groups": list(private)}


def _seen(file: File) -> File:
    facts = {name: getattr(file, name) for name in File.__dataclass_fields__}
    return File(**(facts | {"access": "visible"}))


@dataclass(eq=False)
class Stream:
    """What is written little by little, while it is."""

    started: float
    mode: str = "timeline"
    live: bool = True
    content: str = ""  # of which kind it is: text or chunks
    stopped_by: str = ""  # who pressed Stop
    markdown: str = ""
    plan: str = ""
    tasks: dict[str, dict[str, Any]] = field(default_factory=dict)
    blocks: list[dict[str, Any]] = field(default_factory=list)
    recipient: str = ""


@dataclass(eq=False)
class Message:
    """A message, with everything that happened to it."""

    channel: Channel
    author: User
    text: str = ""
    blocks: list[dict[str, Any]] = field(default_factory=list)
    attachments: list[dict[str, Any]] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    thread_ts: str = ""
    broadcast: bool = False
    metadata: dict[str, Any] | None = None
    subtype: str = ""
    app: str = ""  # A id of the app that posted it
    for_only: User | None = None  # of an ephemeral one
    notified: set[str] = field(default_factory=set)  # names of whom it pings
    ts: str = field(default_factory=stamp)
    at: float = field(default_factory=time.time)
    edited: float | None = None
    edits: list[float] = field(default_factory=list)
    deleted: bool = False
    reactions: dict[str, list[str]] = field(default_factory=dict)  # name -> users
    stream: Stream | None = None
    client_id: str = ""

    @property
    def shown(self) -> str:
        """Everything that can be read in it: of a message with blocks, the text is for notifications only."""
        if self.stream and self.stream.live:
            titles = [self.stream.plan, *(str(task["title"]) for task in self.stream.tasks.values())]
            return unescape("\n".join(filter(None, [*titles, self.stream.markdown, *texts(self.stream.blocks)])))
        return unescape("\n".join(texts(self.blocks)) if self.blocks and self.app else self.text)

    @property
    def root(self) -> str:
        """The timestamp of the thread it is in, or starts."""
        return self.thread_ts or self.ts

    def parts(self) -> Iterator[dict[str, Any]]:
        """Yield all blocks and elements, however deep."""
        yield from walk(self.blocks)

    def element(self, action: str) -> dict[str, Any]:
        """Return the element with this action id, or these words on it; and the block it is in."""
        for block in self.blocks:
            for part in walk([block]):
                label = (part.get("text") or {}).get("text") if isinstance(part.get("text"), dict) else None
                if "action_id" in part and action in {part["action_id"], label}:
                    return part | {"block_id": block.get("block_id", "")}
        raise AssertionError(f"there is no element {action!r} in: {self.blocks}")

    def json(self, *, metadata: bool = True) -> dict[str, Any]:
        shape: dict[str, Any] = {
            "type": "message",
            "user": self.author.id,
            "ts": self.ts,
            "text": self.text,
            "team": self.author.team.id,
        }
        if self.subtype:
            shape["subtype"] = self.subtype
        if self.client_id:
            shape["client_msg_id"] = self.client_id
        if self.app:
            bot = {"id": self.author.bot, "app_id": self.app, "name": self.author.name, "deleted": False}
            shape |= {"bot_id": self.author.bot, "app_id": self.app}
            shape["bot_profile"] = bot | {"team_id": self.author.team.id, "icons": {}, "updated": 1700000000}
        if self.blocks:
            shape["blocks"] = self.blocks
        if self.attachments:
            shape["attachments"] = self.attachments
        if self.files:
            shape |= {"files": [file.json() for file in self.files], "upload": False}
        if self.edited:
            shape["edited"] = {"user": self.author.id, "ts": f"{self.edited:.6f}"}
        if self.reactions:
            shape["reactions"] = [
                {"name": name, "users": users, "count": len(users)} for name, users in self.reactions.items()
            ]
        if self.metadata and metadata:
            shape["metadata"] = self.metadata
        return shape | self._thread()

    def _thread(self) -> dict[str, Any]:
        if self.thread_ts:
            parent = self.channel.messages.get(self.thread_ts)
            return {"thread_ts": self.thread_ts, **({"parent_user_id": parent.author.id} if parent else {})}
        replies = [one for one in self.channel.messages.values() if one.thread_ts == self.ts and not one.deleted]
        if not replies:
            return {}
        users = list(dict.fromkeys(one.author.id for one in replies))
        return {
            "thread_ts": self.ts,
            "reply_count": len(replies),
            "reply_users_count": len(users),
            "reply_users": users,
            "latest_reply": replies[-1].ts,
            "is_locked": False,
            "subscribed": True,
        }


def walk(blocks: Any) -> Iterator[dict[str, Any]]:
    """Yield blocks and what they hold, however deep."""
    if isinstance(blocks, dict):
        yield blocks
        for inner in blocks.values():
            yield from walk(inner)
    elif isinstance(blocks, list):
        for inner in blocks:
            yield from walk(inner)


def texts(blocks: Any) -> list[str]:
    """Return the words in blocks, in their order."""
    return [part[name] for part in walk(blocks) for name in ("title", "text") if isinstance(part.get(name), str)]


class World:
    """Everything of one Slack."""

    def __init__(self) -> None:
        self.teams: dict[str, Team] = {}
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.files: dict[str, File] = {}
        self.bots: dict[str, User] = {}  # team -> the app's bot there
        self.ephemeral: list[Message] = []

    def team(self, name: str) -> Team:
        made = Team(name)
        self.teams[made.id] = made
        self.bots[made.id] = self.user("JARVIS", made, bot=number("B"))
        return made

    def user(self, name: str, team: Team, **facts: Any) -> User:
        made = User(name, team, **facts)
        self.users[made.id] = made
        return made

    def channel(self, name: str, team: Team, *members: User, kind: str = PUBLIC) -> Channel:
        made = Channel(name, team, kind, {user.id: user for user in members})
        if kind == IM:
            made.id = number("D")
        self.channels[made.id] = made
        return made

    def dm(self, user: User) -> Channel:
        """Return the channel between the bot and somebody."""
        bot = self.bots[user.team.id]
        for channel in self.channels.values():
            if channel.kind == IM and set(channel.members) == {user.id, bot.id}:
                return channel
        return self.channel("", user.team, user, bot, kind=IM)

    def find(self, bot: User, channel: Any) -> Channel:
        """Return a conversation that a bot may know of."""
        found = self.channels.get(str(channel or ""))
        if found is None or found.team is not bot.team or (found.private and bot.id not in found.members):
            raise Refused("channel_not_found")
        return found

    def message(self, channel: Channel, ts: Any, *, error: str = "message_not_found") -> Message:
        found = channel.messages.get(str(ts or ""))
        if found is None or found.deleted:
            raise Refused(error)
        return found

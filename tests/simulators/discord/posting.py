"""Messages being made and changed, by the bot and by people alike."""

from __future__ import annotations

import json
import mimetypes
import time
from typing import Any

from tests.simulators.discord import mentions
from tests.simulators.discord.gateway import Gateway
from tests.simulators.discord.permissions import May
from tests.simulators.discord.refusal import (
    ARCHIVED,
    LOCKED,
    MISSING_ACCESS,
    MISSING_PERMISSIONS,
    NO_DIRECT,
    NO_HISTORY,
    NO_TEXT,
    NOT_THERE,
    OLD_EDITS,
    THREAD_EXISTS,
    invalid,
)
from tests.simulators.discord.rules import check_message
from tests.simulators.discord.world import (
    FORUM,
    HAS_THREAD,
    NEWS,
    NEWS_THREAD,
    PUBLIC_THREAD,
    TEXT,
    V2,
    Channel,
    Message,
    User,
    World,
    snowflake,
)

Files = dict[str, tuple[str, bytes]]
"""Uploads by form field: name and content."""

NONCE_SECONDS = 120.0
OLD_SECONDS = 3600.0


class Post:
    """Makes messages, and tells the gateway."""

    def __init__(self, world: World, gateway: Gateway, cdn: str) -> None:
        self.world = world
        self.gateway = gateway
        self.cdn = cdn
        self.nonces: dict[tuple[str, str, str], Message] = {}
        self.nonce_seconds = NONCE_SECONDS
        self.old_seconds = OLD_SECONDS
        self.doubled = 0  # posts that a nonce kept from being doubled

    def attach(self, channel: Channel, name: str, data: bytes, **more: Any) -> dict[str, Any]:
        """Put a file on the CDN and return the attachment."""
        number = snowflake()
        path = f"/attachments/{channel.id}/{number}/{name}"
        self.world.files[path] = data
        url = f"{self.cdn}{path}?ex=1&is=1&hm=1"
        mime = mimetypes.guess_type(name)[0]
        shape = {"id": number, "filename": name, "size": len(data), "url": url, "proxy_url": url, **more}
        return shape | ({"content_type": mime} if mime else {})

    async def create(self, channel: Channel, author: User, body: dict[str, Any], files: Files, **facts: Any) -> Message:
        """Post a message, or return the one that was posted with the same nonce."""
        self._may_write(channel, author, body, files)
        check_message(body, files, self.limit(channel))
        channel.archived = False  # who writes in a thread that was closed opens it
        key = (channel.id, author.id, str(body.get("nonce") or ""))
        before = self.nonces.get(key)
        if key[2] and body.get("enforce_nonce") and before and time.time() - before.at < self.nonce_seconds:
            self.doubled += 1
            return before
        made = Message(channel, author, nonce=key[2], reference=self._reference(channel, author, body), **facts)
        self._fill(made, body, files)
        mentions.name(self.world, made, body.get("allowed_mentions"))
        channel.messages[made.id] = made
        self.nonces[key] = made
        await self.gateway.message("MESSAGE_CREATE", made)
        return made

    async def edit(self, message: Message, author: User, body: dict[str, Any], files: Files) -> None:
        """Change a message."""
        if time.time() - message.at > self.old_seconds and author is self.world.bot:
            old = [at for at in message.edits if at > time.time() - 3600]
            if len(old) >= 3:
                raise OLD_EDITS
        if message.channel.archived:
            raise ARCHIVED
        kept = message.attachments if "attachments" not in body else _still(message, body)
        flags = body.get("flags") if body.get("flags") is not None else message.flags & V2
        if message.v2 and not int(flags or 0) & V2:
            raise invalid("flags", "MESSAGE_FLAG_PERMANENT", "IS_COMPONENTS_V2 cannot be removed")
        whole = {
            "content": body.get("content", message.content) if not message.v2 or body.get("content") else "",
            "components": body.get("components", message.components),
            "flags": int(flags or 0) | (message.flags & V2),
            "attachments": body.get("attachments", []),
        }
        check_message(whole, files, self.limit(message.channel), kept=len(kept))
        message.content, message.components = whole["content"] or "", whole["components"] or []
        message.flags = (message.flags & ~V2) | whole["flags"] & V2 | message.flags & ~V2
        message.attachments = [*kept, *self._uploads(message.channel, body, files)]
        self._resolve(message)
        before = set(message.pinged)
        mentions.name(self.world, message, body.get("allowed_mentions"))
        message.pinged = before  # an edit notifies nobody
        message.edited = time.time()
        message.edits.append(message.edited)
        await self.gateway.message("MESSAGE_UPDATE", message)

    async def delete(self, message: Message) -> None:
        """Take a message away."""
        if message.channel.archived:
            raise ARCHIVED
        message.deleted = True
        channel = message.channel
        data = {"id": message.id, "channel_id": channel.id} | ({"guild_id": channel.guild.id} if channel.guild else {})
        if self.gateway.sees(channel) and message.for_only is None:
            await self.gateway.emit("MESSAGE_DELETE", channel.guild, lambda _session: data)

    async def thread(self, message: Message, author: User, name: str) -> Channel:
        """Start a thread from a message; its id is the message's."""
        parent = message.channel
        if parent.type not in {TEXT, NEWS} or parent.guild is None:
            raise NOT_THERE
        if May.CREATE_PUBLIC_THREADS not in self.world.may(author, parent):
            raise MISSING_PERMISSIONS
        if not 1 <= len(name) <= 100:
            raise invalid("name", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
        if message.thread is not None:
            raise THREAD_EXISTS
        kind = NEWS_THREAD if parent.type == NEWS else PUBLIC_THREAD
        made = Channel(name, parent.guild, type=kind, parent=parent, owner=author, id=message.id)
        message.thread = self.world.keep(made)
        message.flags |= HAS_THREAD
        await self.gateway.emit("THREAD_CREATE", parent.guild, lambda _session: made.json() | {"newly_created": True})
        return made

    async def forum_post(self, forum: Channel, author: User, name: str, text: str) -> Message:
        """Begin a post in a forum: a thread, and in it a message that has the thread's id."""
        assert forum.type == FORUM
        post = self.world.keep(Channel(name, forum.guild, type=PUBLIC_THREAD, parent=forum, owner=author))
        await self.gateway.emit("THREAD_CREATE", forum.guild, lambda _session: post.json() | {"newly_created": True})
        body = {"content": text, "allowed_mentions": {"parse": ["users", "roles", "everyone"]}}
        return await self.create(post, author, body, {}, id=post.id)

    def limit(self, channel: Channel) -> int:
        """Bytes that one file may have there."""
        return channel.guild.upload_limit if channel.guild else 10 * 2**20

    def _may_write(self, channel: Channel, author: User, body: dict[str, Any], files: Files) -> None:
        may = self.world.may(author, channel)
        if May.VIEW_CHANNEL not in may:
            raise MISSING_ACCESS
        if author is self.world.bot and channel.recipient and channel.recipient.closed:
            raise NO_DIRECT
        if (May.SEND_MESSAGES_IN_THREADS if channel.parent else May.SEND_MESSAGES) not in may:
            raise MISSING_PERMISSIONS
        if channel.type == FORUM:
            raise NO_TEXT
        if channel.locked and May.MANAGE_THREADS not in may:
            raise LOCKED
        if files and May.ATTACH_FILES not in may:
            raise MISSING_PERMISSIONS

    def _reference(self, channel: Channel, author: User, body: dict[str, Any]) -> dict[str, Any] | None:
        asked = body.get("message_reference")
        if not asked:
            return None
        number = str(asked["message_id"])
        there = channel.messages.get(number)
        if there is None or there.deleted:
            if asked.get("fail_if_not_exists", True):
                raise invalid("message_reference", "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "Unknown message")
            return None
        if May.READ_MESSAGE_HISTORY not in self.world.may(author, channel):
            raise NO_HISTORY
        return {"message_id": number, "channel_id": channel.id, "type": 0}

    def _fill(self, message: Message, body: dict[str, Any], files: Files) -> None:
        message.content = body.get("content") or ""
        message.components = body.get("components") or []
        message.flags |= int(body.get("flags") or 0)
        message.attachments = self._uploads(message.channel, body, files)
        self._resolve(message)

    def _uploads(self, channel: Channel, body: dict[str, Any], files: Files) -> list[dict[str, Any]]:
        told = {str(file["id"]): file for file in body.get("attachments") or []}
        found = []
        for field, (name, data) in files.items():
            number = field.removeprefix("files[").removesuffix("]")
            if number not in told:
                raise invalid("attachments", "ATTACHMENT_NOT_FOUND", f"files[{number}] is not among the attachments")
            about = told[number].get("description")
            found.append(self.attach(channel, name, data, **({"description": about} if about else {})))
        return found

    def _resolve(self, message: Message) -> None:
        """Turn attachment:// addresses of a layout into real ones, and show those files there only."""
        urls = {file["filename"]: file["url"] for file in message.attachments}
        text = json.dumps(message.components)
        for name, url in urls.items():
            text = text.replace(json.dumps(f"attachment://{name}"), json.dumps(url))
        message.components = json.loads(text)


def _still(message: Message, body: dict[str, Any]) -> list[dict[str, Any]]:
    kept = {str(file["id"]) for file in body.get("attachments") or []}
    return [file for file in message.attachments if file["id"] in kept]

"""Messages being made and changed, by the bot and by people alike."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from tests.simulators.slack import mentions
from tests.simulators.slack.app import App
from tests.simulators.slack.blocks import check_blocks, fill_ids
from tests.simulators.slack.events import Events
from tests.simulators.slack.refusal import Refused
from tests.simulators.slack.world import Channel, File, Message, User, World, texts

MOST_TEXT = 40_000
MOST_MARKDOWN = 12_000
MOST_BLOCK_TEXT = 13_200
"""Letters in all blocks of a message: not documented, this is where people met msg_blocks_too_long."""


class Post:
    """Makes messages, and tells of them."""

    def __init__(self, world: World, app: App, events: Events) -> None:
        self.world = world
        self.app = app
        self.events = events
        self.after: list[Callable[[Message], None]] = []  # what happens when something was posted

    def create(self, channel: Channel, author: User, args: dict[str, Any], **facts: Any) -> Message:
        """Post what a bot's call asks for."""
        blocks = self.content(args, facts.get("files", ()))
        made = Message(channel, author, args.get("text") or "", blocks, **facts)
        made.attachments = args.get("attachments") or []
        made.thread_ts = self.thread(channel, args.get("thread_ts"))
        made.broadcast = bool(made.thread_ts) and truth(args.get("reply_broadcast"))
        made.subtype = "thread_broadcast" if made.broadcast else made.subtype
        made.metadata = metadata(args.get("metadata"))
        return self.keep(made, linked=linked(args))

    def keep(self, message: Message, *, linked: bool = False) -> Message:
        """Put a message into its channel and tell of it."""
        message.notified = mentions.named(self.world, message, linked=linked)
        if message.for_only:
            self.world.ephemeral.append(message)
            return message
        message.channel.messages[message.ts] = message
        for file in message.files:
            file.shares.append((message.channel, message.ts))
        self.events.message(message)
        for happens in self.after:
            happens(message)
        return message

    def content(self, args: dict[str, Any], files: Any = ()) -> list[dict[str, Any]]:
        """Return a call's blocks; raises Refused where there is nothing to show, or too much."""
        text, markdown, blocks = args.get("text") or "", args.get("markdown_text"), args.get("blocks") or []
        if not isinstance(text, str):
            raise Refused("invalid_arguments", "must be a string [json-pointer:/text]")
        if len(text) > MOST_TEXT:
            raise Refused("msg_too_long")
        if markdown is not None:
            if text or blocks:
                raise Refused("markdown_text_conflict")
            if len(markdown) > MOST_MARKDOWN:
                raise Refused("msg_too_long")
            blocks = [{"type": "markdown", "text": markdown}] if markdown.strip() else []
        check_blocks(blocks)
        if sum(map(len, texts(blocks))) > MOST_BLOCK_TEXT:
            raise Refused("msg_blocks_too_long")
        if not text.strip() and not blocks and not args.get("attachments") and not files:
            raise Refused("no_text")
        return fill_ids(blocks)

    def thread(self, channel: Channel, ts: Any) -> str:
        """Return the thread that a timestamp names; a reply's own timestamp starts none."""
        if not ts:
            return ""
        found = channel.messages.get(str(ts))
        if found is None or (found.deleted and found.subtype != "tombstone"):
            raise Refused("thread_not_found")
        if found.thread_ts:
            raise Refused("cannot_reply_to_message")
        return str(ts)

    def edit(self, message: Message, args: dict[str, Any]) -> None:
        """Change a message; what is not named stays, except blocks where only a text comes."""
        before = message.json(metadata=False)
        blocks = self.content({"text": message.text if "blocks" in args else "", **args}, message.files)
        if args.get("text") is not None or args.get("markdown_text") is not None:
            message.text, message.blocks = args.get("text") or "", blocks
        elif "blocks" in args:
            message.blocks = blocks
        message.attachments = args["attachments"] if args.get("attachments") is not None else message.attachments
        message.metadata = metadata(args.get("metadata")) or message.metadata
        self.touched(message, before, linked=linked(args))

    def touched(self, message: Message, before: dict[str, Any], *, linked: bool = False) -> None:
        """Write down that a message was changed, and tell of it."""
        message.edits.append(time.time())
        message.edited = None if message.app and message.blocks else time.time()
        message.notified |= mentions.named(self.world, message, linked=linked)
        self.events.changed(message, before)

    def delete(self, message: Message) -> None:
        """Take a message away; where it began a thread, a stone stays in its place."""
        replies = any(one.thread_ts == message.ts and not one.deleted for one in message.channel.messages.values())
        before = message.json(metadata=False)
        if replies:
            message.subtype, message.text, message.blocks = "tombstone", "This message was deleted.", []
            message.files, message.deleted = [], True
            self.events.changed(message, before)
            return
        self.events.deleted(message)
        message.deleted = True

    def share(self, channel: Channel, author: User, files: list[File], args: dict[str, Any], **facts: Any) -> Message:
        """Post files with a comment."""
        comment = {"text": args.get("initial_comment") or "", "thread_ts": args.get("thread_ts")}
        blocks = args.get("blocks") if not comment["text"] else None
        return self.create(channel, author, comment | {"blocks": blocks}, files=files, subtype="file_share", **facts)


def truth(value: Any) -> bool:
    """Return what Slack makes of a boolean in a form."""
    return value in {True, "true", "1", "True"}


def linked(args: dict[str, Any]) -> bool:
    """Whether names without brackets are parsed."""
    return truth(args.get("link_names")) or args.get("parse") == "full"


def metadata(value: Any) -> dict[str, Any] | None:
    """Return a message's metadata; raises Refused where it is none."""
    if value in (None, ""):
        return None
    if not isinstance(value, dict) or not isinstance(value.get("event_type"), str):
        raise Refused("invalid_metadata_format")
    if not isinstance(value.get("event_payload"), dict):
        raise Refused("invalid_metadata_schema")
    return value

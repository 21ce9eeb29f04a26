"""conversations.*, users.*, reactions.*, team.info: looking around."""

from __future__ import annotations

from typing import Any

from tests.simulators.slack.posting import truth
from tests.simulators.slack.refusal import Refused
from tests.simulators.slack.web_api import SCOPES_BY_KIND, Call, Verb
from tests.simulators.slack.world import MPIM, PUBLIC, Channel, Message, World

READ = tuple(f"{name}:read" for name in SCOPES_BY_KIND.values())
HISTORY = tuple(f"{name}:history" for name in SCOPES_BY_KIND.values())
KINDS = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}


class Conversations:
    """The family."""

    def __init__(self, world: World, *, commercial: bool) -> None:
        self.world = world
        self.page = 999  # the most that one answer brings
        self.commercial = commercial

    def verbs(self) -> dict[str, Verb]:
        slow = 1 if self.commercial else 3
        return {
            "conversations.info": Verb(self.info, READ),
            "conversations.history": Verb(self.history, HISTORY, tier=slow),
            "conversations.replies": Verb(self.replies, HISTORY, tier=slow),
            "conversations.open": Verb(self.open, ("im:write", "mpim:write")),
            "conversations.list": Verb(self.channels, READ, tier=2),
            "conversations.members": Verb(self.members, READ, tier=4),
            "conversations.join": Verb(self.join, ("channels:join",)),
            "users.conversations": Verb(self.mine, READ),
            "users.info": Verb(self.user, ("users:read",), tier=4),
            "users.list": Verb(self.users, ("users:read",), tier=2),
            "bots.info": Verb(self.bot, ("users:read",)),
            "team.info": Verb(self.team, ("team:read",)),
            "reactions.add": Verb(self.react, ("reactions:write",)),
            "reactions.remove": Verb(self.unreact, ("reactions:write",), tier=2),
        }

    async def info(self, call: Call) -> dict[str, Any]:
        return {"channel": call.channel(what="read").json(call.bot)}

    async def history(self, call: Call) -> dict[str, Any]:
        channel = self._seen(call)
        found = [one for one in _there(channel) if not one.thread_ts or one.broadcast]
        found = [one for one in reversed(found) if _within(one, call)]
        shown, cursor = self._cut(call, found, default=100)
        return {
            "messages": self._shown(call, shown),
            "has_more": bool(cursor),
            "pin_count": 0,
            "response_metadata": {"next_cursor": cursor},
        }

    async def replies(self, call: Call) -> dict[str, Any]:
        channel = self._seen(call)
        root = channel.messages.get(str(call.need("ts")))
        if root is None or (root.deleted and root.subtype != "tombstone"):
            raise Refused("thread_not_found")
        inside = [one for one in _there(channel) if one.thread_ts == root.root and _within(one, call)]
        shown, cursor = self._cut(call, inside, default=1000)
        start = channel.messages.get(root.root, root)
        return {
            "messages": self._shown(call, [start, *(one for one in shown if one is not start)]),
            "has_more": bool(cursor),
            "response_metadata": {"next_cursor": cursor},
        }

    async def open(self, call: Call) -> dict[str, Any]:
        if call["channel"]:
            return {"channel": {"id": call.channel().id}}
        names = [name for name in str(call.need("users")).split(",") if name]
        users = [self.world.users.get(name) for name in names]
        known = [user for user in users if user and user.team is call.team and user is not call.bot]
        if len(known) != len(users):
            raise Refused("user_not_found")
        call.scope("im:write" if len(known) == 1 else "mpim:write")
        if len(known) > 1:
            made = self.world.channel("mpdm", call.team, *known, call.bot, kind=MPIM)
            return {"channel": {"id": made.id}}
        channel = self.world.dm(known[0])
        return {"channel": channel.json(call.bot) if truth(call["return_im"]) else {"id": channel.id}}

    async def channels(self, call: Call) -> dict[str, Any]:
        visible = [one for one in self._of_kinds(call) if not one.private or call.bot.id in one.members]
        shown, cursor = self._cut(call, visible, default=100)
        return {"channels": [one.json(call.bot) for one in shown], "response_metadata": {"next_cursor": cursor}}

    async def mine(self, call: Call) -> dict[str, Any]:
        mine = [one for one in self._of_kinds(call) if call.bot.id in one.members]
        shown, cursor = self._cut(call, mine, default=100)
        return {"channels": [one.json(call.bot) for one in shown], "response_metadata": {"next_cursor": cursor}}

    async def members(self, call: Call) -> dict[str, Any]:
        channel = call.channel(what="read")
        shown, cursor = self._cut(call, list(channel.members), default=100)
        return {"members": shown, "response_metadata": {"next_cursor": cursor}}

    async def join(self, call: Call) -> dict[str, Any]:
        channel = call.channel()
        if channel.kind != PUBLIC:
            raise Refused("method_not_supported_for_channel_type")
        channel.members[call.bot.id] = call.bot
        return {"channel": channel.json(call.bot)}

    async def user(self, call: Call) -> dict[str, Any]:
        found = self.world.users.get(str(call.need("user")))
        if found is None or (found.team is not call.team and not found.stranger):
            raise Refused("user_not_found")
        return {"user": found.json()}

    async def users(self, call: Call) -> dict[str, Any]:
        known = [user.json() for user in self.world.users.values() if user.team is call.team]
        shown, cursor = self._cut(call, known, default=1000)
        return {"members": shown, "response_metadata": {"next_cursor": cursor}}

    async def bot(self, call: Call) -> dict[str, Any]:
        if call["bot"] not in {None, call.bot.bot}:
            raise Refused("bot_not_found")
        return {"bot": {"id": call.bot.bot, "name": call.bot.name, "user_id": call.bot.id, "deleted": False}}

    async def team(self, call: Call) -> dict[str, Any]:
        return {"team": {"id": call.team.id, "name": call.team.name, "domain": call.team.domain}}

    async def react(self, call: Call) -> None:
        message = self._reacted(call)
        users = message.reactions.setdefault(str(call.need("name")), [])
        if call.bot.id in users:
            raise Refused("already_reacted")
        users.append(call.bot.id)

    async def unreact(self, call: Call) -> None:
        message = self._reacted(call)
        users = message.reactions.get(str(call.need("name")), [])
        if call.bot.id not in users:
            raise Refused("no_reaction")
        users.remove(call.bot.id)
        if not users:
            del message.reactions[call["name"]]

    def _reacted(self, call: Call) -> Message:
        if not call["channel"] or not call["timestamp"]:
            raise Refused("no_item_specified")
        channel = call.channel()
        if call.bot.id not in channel.members:
            raise Refused("not_in_channel")
        return self.world.message(channel, call["timestamp"])

    def _seen(self, call: Call) -> Channel:
        channel = call.channel(what="history")
        if call.bot.id not in channel.members:
            raise Refused("not_in_channel")
        return channel

    def _of_kinds(self, call: Call) -> list[Channel]:
        kinds = {KINDS.get(name.strip(), "?") for name in str(call["types"] or "public_channel").split(",")}
        if "?" in kinds:
            raise Refused("invalid_types")
        for kind in kinds:
            call.scope(f"{SCOPES_BY_KIND[kind]}:read")
        found = [one for one in self.world.channels.values() if one.team is call.team and one.kind in kinds]
        return [one for one in found if not (one.archived and truth(call["exclude_archived"]))]

    def _cut(self, call: Call, found: list[Any], *, default: int) -> tuple[list[Any], str]:
        """Return one page and the cursor of the next."""
        try:
            start, limit = int(str(call["cursor"] or "p0")[1:]), int(call["limit"] or default)
        except ValueError:
            raise Refused("invalid_cursor") from None
        if limit < 1:
            raise Refused("invalid_limit")
        limit = min(limit, self.page, 15 if self.commercial else self.page)
        end = start + limit
        return found[start:end], f"p{end}" if end < len(found) else ""

    def _shown(self, call: Call, messages: list[Message]) -> list[dict[str, Any]]:
        return [one.json(metadata=truth(call["include_all_metadata"])) for one in messages]


def _there(channel: Channel) -> list[Message]:
    return [one for one in channel.messages.values() if not one.deleted or one.subtype == "tombstone"]


def _within(message: Message, call: Call) -> bool:
    oldest, latest = float(call["oldest"] or 0), float(call["latest"] or "inf")
    at = float(message.ts)
    return oldest <= at <= latest if truth(call["inclusive"]) else oldest < at < latest

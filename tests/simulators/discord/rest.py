"""The HTTP side: routes, tokens, rate limits, and Discord's words for what goes wrong."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import BodyPartReader, web

from tests.simulators.discord.commands import Commands
from tests.simulators.discord.interactions import Desk
from tests.simulators.discord.limits import Limits
from tests.simulators.discord.permissions import May
from tests.simulators.discord.posting import Files, Post
from tests.simulators.discord.refusal import MISSING_ACCESS, MISSING_PERMISSIONS, NOT_THE_AUTHOR, Refused, unknown
from tests.simulators.discord.world import Channel, Message, World

Verb = Callable[["Call"], Awaitable[Any]]
ROUTES: list[tuple[str, str, str, str]] = [  # method, path, verb, name of its rate limit
    ("GET", "/users/@me", "me", "/users/me"),
    ("GET", "/oauth2/applications/@me", "application", "/oauth2"),
    ("GET", "/applications/@me", "application", "/oauth2"),
    ("GET", "/gateway/bot", "gateway", "/gateway"),
    ("POST", "/users/@me/channels", "direct", "/users/channels"),
    ("GET", "/guilds/{guild}", "guild", "/guilds"),
    ("GET", "/guilds/{guild}/members/{user}", "member", "/guilds/members"),
    ("GET", "/channels/{channel}", "channel", "/channels"),
    ("PATCH", "/channels/{channel}", "unarchive", "/channels"),
    ("POST", "/channels/{channel}/typing", "typing", "/channels/typing"),
    ("GET", "/channels/{channel}/messages", "history", "/channels/messages"),
    ("POST", "/channels/{channel}/messages", "create", "/channels/messages"),
    ("GET", "/channels/{channel}/messages/{message}", "message", "/channels/messages"),
    ("PATCH", "/channels/{channel}/messages/{message}", "edit", "/channels/messages"),
    ("DELETE", "/channels/{channel}/messages/{message}", "delete", "/channels/messages"),
    ("PUT", "/channels/{channel}/messages/{message}/reactions/{emoji}/@me", "react", "/channels/reactions"),
    ("DELETE", "/channels/{channel}/messages/{message}/reactions/{emoji}/@me", "unreact", "/channels/reactions"),
    ("POST", "/channels/{channel}/messages/{message}/threads", "thread", "/channels/threads"),
    ("GET", "/applications/{app}/commands", "commands", "/applications/commands"),
    ("PUT", "/applications/{app}/commands", "sync", "/applications/commands"),
    ("POST", "/interactions/{number}/{token}/callback", "callback", "/webhooks"),
    ("POST", "/webhooks/{app}/{token}", "follow_up", "/webhooks"),
    ("GET", "/webhooks/{app}/{token}/messages/{message}", "answer", "/webhooks"),
    ("PATCH", "/webhooks/{app}/{token}/messages/{message}", "edit_answer", "/webhooks"),
    ("DELETE", "/webhooks/{app}/{token}/messages/{message}", "delete_answer", "/webhooks"),
]
OPEN = {"callback", "follow_up", "answer", "edit_answer", "delete_answer"}
"""What needs no bot token: the interaction's is in the path."""


class Call:
    """One request, read."""

    def __init__(self, request: web.Request, body: Any, files: Files) -> None:
        self.path = request.match_info
        self.query = request.query
        self.body: Any = body
        self.files = files


class Rest:
    """Serves API version 10."""

    def __init__(self, world: World, post: Post, desk: Desk, *, token: str) -> None:
        self.world = world
        self.post = post
        self.desk = desk
        self.token = token
        self.limits = Limits()
        self.registered = Commands()
        self.slow = 0.0  # seconds that every answer takes
        self.broken: dict[str, list[int]] = {}  # verb -> statuses to answer with first
        self.cut: dict[str, list[bool]] = {}  # verb -> whether it takes effect before the line breaks
        self.refusals: list[Refused] = []  # what was refused, apart from rate limits
        self.calls: list[tuple[float, str]] = []  # when which verb was asked for

    def routes(self) -> list[web.RouteDef]:
        return [web.route(method, f"/api/v10{path}", self._serving(verb, f"{method} {name}"))
                for method, path, verb, name in ROUTES]  # fmt: skip

    def _serving(self, verb: str, limit: str) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def serve(request: web.Request) -> web.StreamResponse:
            self.calls.append((time.time(), verb))
            if self.slow:
                await asyncio.sleep(self.slow)
            if self.cut.get(verb):
                if self.cut[verb].pop(0):
                    await self._answer(verb, request, {})
                assert request.transport
                request.transport.abort()
            if self.broken.get(verb) and self.broken[verb][0] == 429:  # by who stands before Discord
                return web.Response(status=self.broken[verb].pop(0), text="error code: 1015")
            if self.broken.get(verb):
                return _json({"message": "broken", "code": 0}, self.broken[verb].pop(0))
            if verb not in OPEN and request.headers.get("Authorization") != f"Bot {self.token}":
                return _json({"message": "401: Unauthorized", "code": 0}, 401)
            major = request.match_info.get("channel") or request.match_info.get("token") or ""
            wait, everywhere, headers = self.limits.take(limit, major)
            if wait:
                return _too_many(wait, headers, everywhere=everywhere)
            return await self._answer(verb, request, headers)

        return serve

    async def _answer(self, verb: str, request: web.Request, headers: dict[str, str]) -> web.StreamResponse:
        try:
            told = await getattr(self, verb)(Call(request, *await _read(request)))
        except Refused as refused:
            self.refusals.append(refused)
            self.limits.invalid += refused.status in {401, 403}
            return _json(refused.body, refused.status, headers)
        if told is None:
            return web.Response(status=204, headers=headers)
        return _json(told, 200, headers)

    # ------------------------------------------------------------ the bot itself

    async def me(self, call: Call) -> Any:
        return self.world.bot.json()

    async def application(self, call: Call) -> Any:
        owner = next(user for user in self.world.users.values() if not user.bot)
        return {
            "id": self.world.bot.id,
            "name": "JARVIS",
            "description": "",
            "icon": None,
            "bot_public": True,
            "bot_require_code_grant": False,
            "owner": owner.json(),
            "verify_key": "0" * 64,
            "flags": self.post.gateway.flags,
        }

    async def gateway(self, call: Call) -> Any:
        limit = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
        return {"url": self.post.gateway.url, "shards": 1, "session_start_limit": limit}

    async def direct(self, call: Call) -> Any:
        user = self.world.users.get(str(call.body["recipient_id"]))
        if user is None:
            raise unknown("User")
        return self.world.dm(user).json()

    async def guild(self, call: Call) -> Any:
        found = self.world.guilds.get(call.path["guild"])
        if found is None:
            raise unknown("Guild")
        return found.json(self.world.bot)

    async def member(self, call: Call) -> Any:
        guild, user = self.world.guilds.get(call.path["guild"]), self.world.users.get(call.path["user"])
        if guild is None or user is None or user.id not in guild.members:
            raise unknown("Member")
        return guild.member(user)

    async def commands(self, call: Call) -> Any:
        return self.world.commands

    async def sync(self, call: Call) -> Any:
        self.world.commands = self.registered.replaced(call.body, self.world.bot.id)
        return self.world.commands

    # ------------------------------------------------------------ channels

    def _place(self, call: Call, *needs: May) -> Channel:
        channel = self.world.find(call.path["channel"])
        if channel.guild and channel.guild.id not in self.world.guilds:
            raise MISSING_ACCESS
        may = self.world.may(self.world.bot, channel)
        if May.VIEW_CHANNEL not in may:
            raise MISSING_ACCESS
        if any(need not in may for need in needs):
            raise MISSING_PERMISSIONS
        return channel

    def _message(self, call: Call, *needs: May) -> Message:
        channel = self._place(call, *needs)
        found = self.world.message(channel.id, call.path["message"])
        if found.for_only is not None:
            raise unknown("Message")
        return found

    async def channel(self, call: Call) -> Any:
        return self._place(call).json()

    async def unarchive(self, call: Call) -> Any:
        channel = self._place(call)
        if channel.locked:
            self._place(call, May.MANAGE_THREADS)
        channel.archived = bool(call.body.get("archived", channel.archived))
        channel.name = call.body.get("name", channel.name)
        return channel.json()

    async def typing(self, call: Call) -> Any:
        self._place(call, May.SEND_MESSAGES).typed.append(time.time())

    async def history(self, call: Call) -> Any:
        channel = self._place(call, May.READ_MESSAGE_HISTORY)
        limit = int(call.query.get("limit", 50))
        if not 1 <= limit <= 100:
            raise Refused(400, 50035, "Invalid Form Body")
        found = [one for one in channel.messages.values() if not one.deleted and one.for_only is None]
        found.sort(key=lambda one: int(one.id))
        if after := call.query.get("after"):
            found = [one for one in found if int(one.id) > int(after)][:limit]
        elif before := call.query.get("before"):
            found = [one for one in found if int(one.id) < int(before)][-limit:]
        else:
            found = found[-limit:]
        return [one.json(self.post.gateway.hidden) for one in reversed(found)]

    async def create(self, call: Call) -> Any:
        made = await self.post.create(self._place(call), self.world.bot, call.body, call.files)
        return made.json()

    async def message(self, call: Call) -> Any:
        found = self._message(call, May.READ_MESSAGE_HISTORY)
        return found.json(self.post.gateway.hidden)

    async def edit(self, call: Call) -> Any:
        found = self._message(call)
        if found.author is not self.world.bot:
            raise NOT_THE_AUTHOR
        if call.files:
            self._place(call, May.ATTACH_FILES)
        await self.post.edit(found, self.world.bot, call.body, call.files)
        return found.json()

    async def delete(self, call: Call) -> Any:
        found = self._message(call)
        if found.author is not self.world.bot:
            self._place(call, May.MANAGE_MESSAGES)
        await self.post.delete(found)

    async def react(self, call: Call) -> Any:
        self._message(call, May.ADD_REACTIONS, May.READ_MESSAGE_HISTORY).reactions.append(call.path["emoji"])

    async def unreact(self, call: Call) -> Any:
        self._message(call).reactions.remove(call.path["emoji"])

    async def thread(self, call: Call) -> Any:
        return (await self.post.thread(self._message(call), self.world.bot, call.body["name"])).json()

    # ------------------------------------------------------------ interactions

    async def callback(self, call: Call) -> Any:
        return await self.desk.callback(call.path["number"], call.path["token"], call.body, call.files)

    async def follow_up(self, call: Call) -> Any:
        return (await self.desk.follow_up(call.path["token"], call.body, call.files)).json()

    async def answer(self, call: Call) -> Any:
        return self.desk.get(call.path["token"], call.path["message"]).json()

    async def edit_answer(self, call: Call) -> Any:
        return (await self.desk.edit(call.path["token"], call.path["message"], call.body, call.files)).json()

    async def delete_answer(self, call: Call) -> Any:
        await self.desk.delete(call.path["token"], call.path["message"])


async def _read(request: web.Request) -> tuple[Any, Files]:
    """Return a request's JSON and its uploads."""
    if not request.can_read_body:
        return {}, {}
    if not request.content_type.startswith("multipart/"):
        return json.loads(await request.text() or "{}"), {}
    body: Any = {}
    files: Files = {}
    async for part in await request.multipart():
        assert isinstance(part, BodyPartReader)
        data = bytes(await part.read())
        if part.name == "payload_json":
            body = json.loads(data)
        else:
            files[str(part.name)] = (str(part.filename), data)
    return body, files


def _json(data: Any, status: int, headers: dict[str, str] | None = None) -> web.Response:
    response = web.Response(
        body=json.dumps(data).encode(), status=status, headers={"Via": "1.1 google"} | (headers or {})
    )
    response.headers["Content-Type"] = "application/json"  # exactly this, without a charset
    return response


def _too_many(wait: float, headers: dict[str, str], *, everywhere: bool) -> web.Response:
    told = {"message": "You are being rate limited.", "retry_after": round(wait, 3), "global": everywhere}
    return _json(told, 429, headers | {"Retry-After": str(int(wait) + 1)})

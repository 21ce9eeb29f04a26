"""The Web API: who speaks, what they may, how often; and then what the method does."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.simulators.slack.app import App, Token
from tests.simulators.slack.limits import Limits
from tests.simulators.slack.refusal import Refused, missing_scope
from tests.simulators.slack.world import Channel, Team, User, World

JSON_FIELDS = {"blocks", "attachments", "metadata", "chunks", "view", "files", "prompts", "loading_messages", "unfurls"}
"""Arguments that a form brings as JSON."""
SCOPES_BY_KIND = {"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}


@dataclass
class Call:
    """One call, read."""

    method: str
    args: dict[str, Any]
    token: Token
    world: World

    @property
    def bot(self) -> User:
        return self.token.bot

    @property
    def team(self) -> Team:
        return self.token.bot.team

    def __getitem__(self, name: str) -> Any:
        return self.args.get(name)

    def need(self, name: str) -> Any:
        """Return an argument that must be there."""
        if self.args.get(name) in (None, ""):
            raise Refused("invalid_arguments", f"missing required field: {name}")
        return self.args[name]

    def scope(self, *names: str) -> None:
        """Raise Refused where the token has none of these scopes."""
        if not self.token.scopes.intersection(names):
            raise missing_scope(names[0], self.token.scopes)

    def channel(self, name: str = "channel", *, what: str = "") -> Channel:
        """Return the conversation that is meant; ``what``: the scope to see it, as history or read."""
        found = self.world.find(self.bot, self.args.get(name))
        if what:
            self.scope(f"{SCOPES_BY_KIND[found.kind]}:{what}")
        return found


@dataclass(frozen=True)
class Verb:
    """A method of the Web API: what does it, what it needs, how often it may be called a minute (0: special)."""

    does: Callable[[Call], Awaitable[dict[str, Any] | None]]
    scopes: tuple[str, ...] = ()  # any of them
    tier: int = 3


@dataclass
class WebApi:
    """Serves https://slack.com/api/."""

    world: World
    app: App
    verbs: dict[str, Verb] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    slow: float = 0.0  # seconds that every answer takes
    broken: dict[str, list[int]] = field(default_factory=dict)  # method -> statuses to answer with first
    lost: dict[str, int] = field(default_factory=dict)  # method -> calls that happen, but whose answer is lost
    errors: dict[str, str] = field(default_factory=dict)  # method -> error to answer with, always
    refusals: list[tuple[str, Refused]] = field(default_factory=list)  # apart from rate limits
    calls: list[tuple[float, str, dict[str, Any]]] = field(default_factory=list)  # when, which, with what

    async def handle(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        args, value = await read(request)
        self.calls.append((time.time(), method, args))
        if self.slow:
            await asyncio.sleep(self.slow)
        if self.broken.get(method):
            return web.Response(status=self.broken[method].pop(0), text="upstream error")
        try:
            answer = await self._answer(method, args, value, request)
        except Refused as refused:
            self.refusals.append((method, refused))
            return web.json_response(refused.body, status=refused.status)
        if self.lost.get(method):
            self.lost[method] -= 1
            if request.transport:
                request.transport.abort()
        return answer

    async def _answer(self, method: str, args: dict[str, Any], value: str, request: web.Request) -> web.Response:
        verb = self.verbs.get(method)
        if verb is None:
            raise Refused("unknown_method", req_method=method)
        if method in PUBLIC:
            return web.json_response({"ok": True, **(await verb.does(self._open(method, args, value, request)) or {})})
        token = self._token(method, value)
        channel = str(args.get("channel")) if method in POSTS else ""
        if wait := self.limits.take(method, verb.tier, token.bot.team.id, channel):
            body = {"ok": False, "error": "ratelimited"}
            return web.json_response(body, status=429, headers={"Retry-After": str(wait)})
        call = Call(method, args, token, self.world)
        if verb.scopes:
            call.scope(*verb.scopes)
        if method in self.errors:
            raise Refused(self.errors[method])
        told = {"ok": True, **(await verb.does(call) or {})}
        headers = {"X-OAuth-Scopes": ",".join(sorted(token.scopes)), "X-Accepted-OAuth-Scopes": ",".join(verb.scopes)}
        return web.json_response(told, headers=headers)

    def _token(self, method: str, value: str) -> Token:
        if method not in OF_OWNERS:
            return self.app.token(value)
        if value != getattr(self.app, OF_OWNERS[method]):
            raise Refused("not_allowed_token_type" if value.startswith("xoxb-") else "invalid_auth")
        bot = next(iter(self.world.bots.values()))
        return Token(value, bot, self.app.app_scopes)

    def _open(self, method: str, args: dict[str, Any], value: str, request: web.Request) -> Call:
        """Return a call that needs no token: how it proves who speaks is the method's own matter."""
        bot = next(iter(self.world.bots.values()))
        secret = request.headers.get("Authorization", "")
        return Call(method, args | {"_authorization": secret}, Token(value, bot, frozenset()), self.world)


FORM_ONLY = frozenset(
    [
        "bots.info",
        "conversations.history",
        "conversations.info",
        "conversations.list",
        "conversations.members",
        "conversations.replies",
        "files.completeUploadExternal",
        "files.getUploadURLExternal",
        "files.info",
        "team.info",
        "users.conversations",
        "users.info",
        "users.list",
    ]
)
"""Methods that do not see what stands in a JSON body, and say that it is missing."""
PUBLIC = {"oauth.v2.access", "api.test"}
OF_OWNERS = {"apps.connections.open": "app_token", "apps.manifest.validate": "config_token"}
"""Methods for another token than a bot's."""
POSTS = {"chat.postMessage"}


async def read(request: web.Request) -> tuple[dict[str, Any], str]:
    """Return a call's arguments, wherever they stand, and its token."""
    args: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json" and request.can_read_body:
        text = await request.text()
        try:
            found = json.loads(text) if text else {}
        except json.JSONDecodeError:
            raise web.HTTPBadRequest from None
        seen = request.match_info["method"] not in FORM_ONLY
        args |= found if isinstance(found, dict) and seen else {}
    elif request.can_read_body:
        args |= {key: value for key, value in (await request.post()).items() if isinstance(value, str)}
    for name in JSON_FIELDS & args.keys():
        args[name] = decoded(args[name])
    bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return args, str(args.pop("token", "") or bearer)


def decoded(value: Any) -> Any:
    """Return what a field of a form stands for."""
    if isinstance(value, str) and value[:1] in {"[", "{"}:
        try:
            return json.loads(value)
        except json.JSONDecodeError:
            return value
    return value

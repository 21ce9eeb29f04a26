"""Installing by OAuth: a page that a person agrees on, a code that works once, a token for it; and the way out."""

from __future__ import annotations

import base64
import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from yarl import URL

from tests.simulators.slack.app import App, Token
from tests.simulators.slack.events import Events
from tests.simulators.slack.refusal import Refused
from tests.simulators.slack.world import Team, User, World

CODE_SECONDS = 600.0


@dataclass
class Code:
    """What a redirect brings."""

    user: User
    scopes: frozenset[str]
    redirect: str
    at: float = field(default_factory=time.time)
    used: bool = False


class Oauth:
    """Lets the app into workspaces."""

    def __init__(self, world: World, app: App, events: Events) -> None:
        self.world = world
        self.app = app
        self.events = events
        self.who: User | None = None  # who sees the page and presses a button on it
        self.agrees = True
        self.codes: dict[str, Code] = {}

    async def authorize(self, request: web.Request) -> web.Response:
        """Serve the page; the person decides at once."""
        query = request.query
        if query.get("client_id") != self.app.client_id:
            return web.Response(status=400, text="invalid_client_id")
        asked = frozenset(query.get("scope", "").split(",")) - {""}
        if more := asked - self.app.scopes:
            return web.Response(status=400, text=f"invalid_scope: {sorted(more)}")
        target = URL(query.get("redirect_uri", "")).update_query({"state": query.get("state", "")})
        if not self.agrees:
            raise web.HTTPFound(target.update_query({"error": "access_denied"}))
        assert self.who, "nobody looks at the page"
        made = secrets.token_hex(12)
        self.codes[made] = Code(self.who, asked, query.get("redirect_uri", ""))
        raise web.HTTPFound(target.update_query({"code": made}))

    def exchange(self, args: dict[str, Any]) -> dict[str, Any]:
        """Return what oauth.v2.access answers."""
        self._client(args)
        code = self.codes.get(str(args.get("code")))
        if code is None or time.time() - code.at > CODE_SECONDS:
            raise Refused("invalid_code")
        if code.used:
            raise Refused("code_already_used")
        if args.get("redirect_uri") and args["redirect_uri"] != code.redirect:
            raise Refused("bad_redirect_uri")
        code.used = True
        team = code.user.team
        token = self.app.install(self.world, team.id, code.scopes)
        return {
            "access_token": token.value,
            "token_type": "bot",
            "scope": ",".join(sorted(token.scopes)),
            "bot_user_id": token.bot.id,
            "app_id": self.app.id,
            "team": {"id": team.id, "name": team.name},
            "enterprise": None,
            "is_enterprise_install": False,
            "authed_user": {"id": code.user.id},
        }

    def _client(self, args: dict[str, Any]) -> None:
        given = str(args.get("client_id")), str(args.get("client_secret"))
        basic = str(args.get("_authorization", "")).removeprefix("Basic ")
        if basic:
            number, _, secret = base64.b64decode(basic).decode().partition(":")
            given = number, secret
        if given[0] != self.app.client_id:
            raise Refused("invalid_client_id")
        if given[1] != self.app.client_secret:
            raise Refused("bad_client_secret")

    def revoke(self, token: Token) -> None:
        """Make a token worthless and tell the app."""
        shape = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [token.bot.id]}}
        self.events.tell(token.bot.team, "tokens_revoked", shape)
        token.revoked = True

    def uninstall(self, team: Team) -> None:
        """Put the app out of a workspace; both events are told, in no certain order."""
        self.events.tell(team, "app_uninstalled", {"type": "app_uninstalled"})
        for token in self.app.tokens.values():
            if token.bot.team is team and not token.revoked:
                self.revoke(token)

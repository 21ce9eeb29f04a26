"""auth.*, apps.*, oauth.*: being let in and out."""

from __future__ import annotations

import json
from typing import Any

from tests.simulators.slack.app import App
from tests.simulators.slack.manifest import faults
from tests.simulators.slack.oauth import Oauth
from tests.simulators.slack.posting import truth
from tests.simulators.slack.refusal import Refused
from tests.simulators.slack.socket_mode import SocketMode
from tests.simulators.slack.web_api import Call, Verb
from tests.simulators.slack.world import World


class Apps:
    """The family."""

    def __init__(self, world: World, app: App, socket: SocketMode, oauth: Oauth) -> None:
        self.world = world
        self.app = app
        self.socket = socket
        self.oauth = oauth

    def verbs(self) -> dict[str, Verb]:
        return {
            "api.test": Verb(self.hello, (), tier=4),
            "auth.test": Verb(self.who, (), tier=0),
            "auth.revoke": Verb(self.revoke, ()),
            "apps.connections.open": Verb(
                self.connect, ("connections:write",), tier=2
            ),  # Tier 1, but with room for a start
            "apps.manifest.validate": Verb(self.validate, ()),
            "oauth.v2.access": Verb(self.exchange, (), tier=4),
        }

    async def hello(self, call: Call) -> None:
        if call["error"]:
            raise Refused(call["error"])

    async def who(self, call: Call) -> dict[str, Any]:
        return {
            "url": f"https://{call.team.domain}.slack.com/",
            "team": call.team.name,
            "user": call.bot.name.lower(),
            "team_id": call.team.id,
            "user_id": call.bot.id,
            "bot_id": call.bot.bot,
            "is_enterprise_install": False,
        }

    async def revoke(self, call: Call) -> dict[str, Any]:
        if not truth(call["test"]):
            self.oauth.revoke(call.token)
        return {"revoked": call.token.revoked}

    async def connect(self, call: Call) -> dict[str, Any]:
        if not self.app.socket_mode:
            raise Refused("not_allowed", "Socket Mode is not turned on")
        return {"url": self.socket.ticket()}

    async def exchange(self, call: Call) -> dict[str, Any]:
        return self.oauth.exchange(call.args)

    async def validate(self, call: Call) -> None:
        try:
            read = json.loads(str(call.need("manifest")))
        except json.JSONDecodeError:
            raise Refused("invalid_manifest", errors=[{"message": "not JSON", "pointer": "/"}]) from None
        if wrong := faults(read):
            raise Refused("invalid_manifest", errors=wrong)

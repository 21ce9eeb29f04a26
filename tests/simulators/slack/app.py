"""The app as its owner set it up: what it may do, what it hears of, where it is spoken to."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any, Self

from tests.simulators.slack.refusal import Refused
from tests.simulators.slack.world import User, World, number

SCOPES = frozenset(
    {
        "app_mentions:read",
        "assistant:write",
        "channels:history",
        "channels:read",
        "chat:write",
        "commands",
        "files:read",
        "files:write",
        "groups:history",
        "groups:read",
        "im:history",
        "im:read",
        "im:write",
        "mpim:history",
        "mpim:read",
        "mpim:write",
        "reactions:read",
        "reactions:write",
        "team:read",
        "users:read",
    }
)
EVENTS = frozenset(
    {
        "agent_session_stopped",
        "app_context_changed",
        "app_home_opened",
        "app_mention",
        "app_uninstalled",
        "assistant_thread_context_changed",
        "assistant_thread_started",
        "member_joined_channel",
        "message.channels",
        "message.groups",
        "message.im",
        "message.mpim",
        "tokens_revoked",
    }
)


@dataclass
class Token:
    """What a bot may do in a workspace."""

    value: str
    bot: User
    scopes: frozenset[str]
    revoked: bool = False


@dataclass
class App:
    """An app's settings, and where it is installed."""

    id: str = field(default_factory=lambda: number("A"))
    scopes: frozenset[str] = SCOPES
    events: frozenset[str] = EVENTS
    commands: frozenset[str] | None = None  # None: whatever people type
    shortcuts: frozenset[str] | None = None  # as above
    agent: bool = True  # declared as an agent
    socket_mode: bool = True
    request_url: str = ""  # of the Events API over HTTP
    signing_secret: str = field(default_factory=lambda: secrets.token_hex(16))
    client_id: str = "1234567890.9876543210"
    client_secret: str = field(default_factory=lambda: secrets.token_hex(16))
    app_token: str = field(default_factory=lambda: f"xapp-1-A0-1-{secrets.token_hex(24)}")
    config_token: str = field(default_factory=lambda: f"xoxe.xoxp-1-{secrets.token_hex(24)}")
    app_scopes: frozenset[str] = frozenset({"connections:write"})
    tokens: dict[str, Token] = field(default_factory=dict)

    @classmethod
    def from_manifest(cls, manifest: dict[str, Any]) -> Self:
        """Set an app up as its manifest says."""
        settings, features = manifest.get("settings", {}), manifest.get("features", {})
        return cls(
            scopes=frozenset(manifest.get("oauth_config", {}).get("scopes", {}).get("bot", ())),
            events=frozenset(settings.get("event_subscriptions", {}).get("bot_events", ())),
            commands=frozenset(one["command"] for one in features.get("slash_commands", ())),
            shortcuts=frozenset(one["callback_id"] for one in features.get("shortcuts", ())),
            agent="agent_view" in features,
            socket_mode=bool(settings.get("socket_mode_enabled")),
            request_url=settings.get("event_subscriptions", {}).get("request_url", ""),
        )

    def install(self, world: World, team: str, scopes: frozenset[str] | None = None) -> Token:
        """Let the bot into a workspace, and return its token there."""
        made = Token(f"xoxb-{secrets.token_hex(20)}", world.bots[team], self.scopes if scopes is None else scopes)
        self.tokens[made.value] = made
        return made

    def token(self, value: str) -> Token:
        """Return who speaks with a token."""
        if not value:
            raise Refused("not_authed")
        found = self.tokens.get(value)
        if found is None:
            raise Refused("not_allowed_token_type" if value == self.app_token else "invalid_auth")
        if found.revoked:
            raise Refused("token_revoked")
        return found

    def installed(self, team: str) -> bool:
        """Whether the app is in a workspace."""
        return any(token.bot.team.id == team and not token.revoked for token in self.tokens.values())

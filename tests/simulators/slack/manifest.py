"""What an app's manifest must look like: fields and lengths of Slack's published schema, and what events need."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

EVENTS = {
    "agent_session_stopped": (),
    "app_context_changed": ("assistant:write",),
    "app_home_opened": (),
    "app_mention": ("app_mentions:read",),
    "app_uninstalled": (),
    "assistant_thread_context_changed": ("assistant:write",),
    "assistant_thread_started": ("assistant:write",),
    "channel_archive": ("channels:read",),
    "channel_rename": ("channels:read",),
    "file_shared": ("files:read",),
    "member_joined_channel": ("channels:read",),
    "member_left_channel": ("channels:read",),
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.im": ("im:history",),
    "message.mpim": ("mpim:history",),
    "reaction_added": ("reactions:read",),
    "reaction_removed": ("reactions:read",),
    "tokens_revoked": (),
}
"""Events that a bot may subscribe to (not all of Slack's), and the scopes that each needs."""
SCOPES = frozenset(
    [
        "app_mentions:read", "assistant:write", "channels:history", "channels:join", "channels:read", "chat:write",
        "chat:write.customize", "chat:write.public", "commands", "files:read", "files:write", "groups:history",
        "groups:read", "groups:write", "im:history", "im:read", "im:write", "links:read", "links:write",
        "metadata.message:read", "mpim:history", "mpim:read", "mpim:write", "reactions:read", "reactions:write",
        "team:read", "usergroups:read", "users.profile:read", "users:read", "users:read.email",
    ]
)  # fmt: skip
"""Scopes of bots (not all of Slack's)."""

Text = Annotated[str, Field(min_length=1)]
Url = Annotated[str, Field(pattern=r"^https?://", max_length=3500)]


class Part(BaseModel):
    """Knows all its fields."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Display(Part):
    name: Annotated[str, Field(min_length=1, max_length=35)]
    description: Annotated[str, Field(min_length=1, max_length=140)] | None = None
    long_description: Annotated[str, Field(min_length=175, max_length=4000)] | None = None
    background_color: Annotated[str, Field(pattern=r"^#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$")] | None = None


class AppHome(Part):
    home_tab_enabled: bool = False
    messages_tab_enabled: bool = False
    messages_tab_read_only_enabled: bool = False


class BotUser(Part):
    display_name: Annotated[str, Field(min_length=1, max_length=80)]
    always_online: bool = False


class Shortcut(Part):
    name: Annotated[str, Field(min_length=1, max_length=24)]
    type: Literal["message", "global"]
    callback_id: Annotated[str, Field(min_length=1, max_length=255)]
    description: Annotated[str, Field(min_length=1, max_length=150)]


class SlashCommand(Part):
    command: Annotated[str, Field(min_length=2, max_length=32, pattern=r"^/")]
    url: Url | None = None
    description: Annotated[str, Field(min_length=1, max_length=2000)]
    usage_hint: Annotated[str, Field(min_length=1, max_length=1000)] | None = None
    should_escape: bool = False


class Prompt(Part):
    title: Text
    message: Text


class AgentView(Part):
    agent_description: Annotated[str, Field(min_length=1, max_length=300)]
    suggested_prompts: Annotated[list[Prompt], Field(max_length=4)] = []
    actions: list[dict[str, str]] = []


class Features(Part):
    app_home: AppHome | None = None
    bot_user: BotUser | None = None
    shortcuts: Annotated[list[Shortcut], Field(max_length=10)] = []
    slash_commands: Annotated[list[SlashCommand], Field(max_length=50)] = []
    unfurl_domains: list[str] = []
    agent_view: AgentView | None = None


class Granted(Part):
    bot: Annotated[list[str], Field(max_length=255)] = []
    user: Annotated[list[str], Field(max_length=255)] = []
    bot_optional: list[str] = []
    user_optional: list[str] = []


class Oauth(Part):
    redirect_urls: list[str] = []
    scopes: Granted = Granted()
    token_management_enabled: bool = False
    pkce_enabled: bool = False


class Subscriptions(Part):
    request_url: Url | None = None
    bot_events: Annotated[list[str], Field(max_length=100)] = []
    user_events: Annotated[list[str], Field(max_length=100)] = []


class Interactivity(Part):
    is_enabled: bool
    request_url: Url | None = None
    message_menu_options_url: Url | None = None


class Settings(Part):
    event_subscriptions: Subscriptions = Subscriptions()
    interactivity: Interactivity = Interactivity(is_enabled=False)
    org_deploy_enabled: bool = False
    socket_mode_enabled: bool = False
    is_hosted: bool = False
    token_rotation_enabled: bool = False
    allowed_ip_address_ranges: list[str] = []


class Metadata(Part):
    major_version: int = 1
    minor_version: int = 0


class Manifest(Part):
    display_information: Display
    features: Features = Features()
    oauth_config: Oauth = Oauth()
    settings: Settings = Settings()
    metadata: Metadata | None = Field(default=None, alias="_metadata")


def faults(manifest: Any) -> list[dict[str, str]]:
    """Return what is wrong with a manifest, each with where."""
    try:
        read = Manifest.model_validate(manifest)
    except ValidationError as error:
        return [{"message": one["msg"], "pointer": "/" + "/".join(map(str, one["loc"]))} for one in error.errors()]
    return [{"message": message, "pointer": pointer} for message, pointer in [*_scopes(read), *_addresses(read)]]


def _scopes(manifest: Manifest) -> list[tuple[str, str]]:
    granted, features = set(manifest.oauth_config.scopes.bot), manifest.features
    at = "/oauth_config/scopes/bot"
    found = [(f"Invalid scope: {one}", at) for one in sorted(granted - SCOPES)]
    for event in manifest.settings.event_subscriptions.bot_events:
        place = "/settings/event_subscriptions/bot_events"
        if event not in EVENTS:
            found.append((f"Unknown event: {event}", place))
        found += [(f"{event} needs the scope {scope}", place) for scope in set(EVENTS.get(event, ())) - granted]
    if (features.slash_commands or features.shortcuts) and "commands" not in granted:
        found.append(("Slash commands and shortcuts need the scope commands", at))
    if features.agent_view and "assistant:write" not in granted:
        found.append(("An agent needs the scope assistant:write", at))
    if granted and features.bot_user is None:
        found.append(("Bot scopes need a bot user", "/features/bot_user"))
    return found


def _addresses(manifest: Manifest) -> list[tuple[str, str]]:
    """Return the addresses that are missing where Socket Mode is off."""
    settings = manifest.settings
    if settings.socket_mode_enabled:
        return []
    found = []
    if settings.event_subscriptions.bot_events and not settings.event_subscriptions.request_url:
        found.append(("Event subscriptions need a request_url", "/settings/event_subscriptions/request_url"))
    if settings.interactivity.is_enabled and not settings.interactivity.request_url:
        found.append(("Interactivity needs a request_url", "/settings/interactivity/request_url"))
    for place, command in enumerate(manifest.features.slash_commands):
        if not command.url:
            found.append((f"{command.command} needs a url", f"/features/slash_commands/{place}/url"))
    return found

"""The app's manifest: pasted into Slack's page it makes an app that can do all that ours does, and nothing more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from adapters.slack.admin import ADMIN
from adapters.slack.commands import COMMAND, MENU, SHORTCUT
from adapters.slack.door import EVENTS as PATH
from adapters.slack.door import REDIRECT
from adapters.slack.needs import EVENTS, SCOPES

ABOUT = "Reads, sees, hears, draws and speaks with the open models of Hugging Face."
LONG = (
    "JARVIS plans what you ask for as tasks, picks an open model of Hugging Face for each, runs them and answers with "
    "what they found: pictures described and drawn, speech written down and spoken, papers read, films made. "
    "Mention it with a file, write it directly, or choose a message's shortcut."
)
COLOUR = "#1f2933"

EXAMPLES = ("What is in this picture?", "Read this aloud.", "Summarize this document.", "Translate this into French.")


def manifest(*, url: str = "", examples: Sequence[str] = EXAMPLES, name: str = "JARVIS") -> dict[str, Any]:
    """Return the manifest: for Socket Mode, or with the app's public ``url`` for events over HTTP."""
    base = url.rstrip("/")
    address = {"url": f"{base}{PATH}"} if base else {}
    request = {"request_url": f"{base}{PATH}"} if base else {}
    oauth: dict[str, Any] = {"scopes": {"bot": list(SCOPES)}}
    if base:
        oauth["redirect_urls"] = [f"{base}{REDIRECT}"]
    return {
        "display_information": {
            "name": name,
            "description": ABOUT,
            "long_description": LONG,
            "background_color": COLOUR,
        },
        "features": _features(name, examples, address),
        "oauth_config": oauth,
        "settings": {
            "event_subscriptions": {"bot_events": sorted(EVENTS), **request},
            "interactivity": {"is_enabled": True, **request},
            "org_deploy_enabled": False,
            "socket_mode_enabled": not base,
            "token_rotation_enabled": False,
        },
    }


def _features(name: str, examples: Sequence[str], address: dict[str, str]) -> dict[str, Any]:
    """Return what people see of the app; commands come to ``address``, where they come over HTTP."""
    return {
        "agent_view": {"agent_description": ABOUT, "suggested_prompts": [_prompt(one) for one in examples[:4]]},
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        },
        "bot_user": {"display_name": name, "always_online": True},
        "slash_commands": [
            {
                "command": COMMAND,
                "description": "Ask JARVIS; help, status, usage, my-data, forget-me or doctor",
                "usage_hint": "what you would like",
                "should_escape": True,
                **address,
            },
            {"command": ADMIN, "description": "What admins decide about JARVIS", "should_escape": False, **address},
        ],
        "shortcuts": [
            {"name": MENU, "type": "message", "callback_id": SHORTCUT, "description": "Ask about this message"}
        ],
    }


def _prompt(text: str) -> dict[str, str]:
    return {"title": text, "message": text}

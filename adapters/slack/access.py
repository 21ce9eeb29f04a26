"""Who we are at Slack, and where it is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias

API = "https://slack.com/api/"
FILES = "https://files.slack.com"

Tokens: TypeAlias = Callable[[str], Awaitable[str]]
"""Takes a workspace's id and returns the bot token that works there. Raises NotAvailable where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Tokens and secrets of an app, and the addresses that it calls."""

    bot_token: str
    app_token: str = ""
    signing_secret: str = ""
    api: str = API
    files: str = FILES
    client_id: str = ""
    client_secret: str = ""

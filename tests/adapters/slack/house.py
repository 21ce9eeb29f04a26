"""A whole small house around the Slack adapter: real bolt app, worker and orchestrator; scripted mind, toy experts."""

from __future__ import annotations

from adapters.slack.line import Access
from tests.simulators.slack import Simulator


def access(slack: Simulator, *, http: bool = False) -> Access:
    """Who the bot is there."""
    return Access(
        bot_token=slack.bot_token,
        app_token="" if http else slack.app.app_token,
        signing_secret=slack.app.signing_secret if http else "",
        api=slack.api,
        files=slack.host,
    )

"""Slack as a platform of this installation: who we are there, and how we listen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.settings import Settings
from core.errors import BadSetting

if TYPE_CHECKING:
    from adapters.slack.access import Access
    from adapters.slack.ear import Manner
    from adapters.slack.welcome import Welcome
    from storage.installations import Installations

HOW = "The README says in numbered steps how to get it."


def is_set_up(settings: Settings) -> bool:
    """Whether anybody wants Slack here."""
    return bool(settings.slack_bot_token.get_secret_value() or settings.slack_client_id)


def slack_access(settings: Settings) -> Access:
    """Return who we are at Slack. Raises BadSetting where something is missing."""
    from adapters.slack.access import Access

    bot, app = settings.slack_bot_token.get_secret_value(), settings.slack_app_token.get_secret_value()
    signing, secret = settings.slack_signing_secret.get_secret_value(), settings.slack_client_secret.get_secret_value()
    if not bot and not settings.slack_client_id:
        raise BadSetting(f"SLACK_BOT_TOKEN is not set. {HOW}")
    if settings.slack_client_id and not secret:
        raise BadSetting(f"SLACK_CLIENT_ID needs SLACK_CLIENT_SECRET, too. {HOW}")
    if not app and not signing:
        raise BadSetting(
            "Slack needs SLACK_APP_TOKEN (Socket Mode), or SLACK_SIGNING_SECRET where Slack sends events to your own "
            f"address. {HOW}"
        )
    given = {"api": settings.slack_api_base.rstrip("/"), "files": settings.slack_files.rstrip("/")}
    return Access(
        bot_token=bot,
        app_token=app,
        signing_secret=signing,
        client_id=settings.slack_client_id,
        client_secret=secret,
        **{name: f"{value}/" if name == "api" else value for name, value in given.items() if value},
    )


def slack_installations(settings: Settings) -> Installations | None:
    """Return where the tokens of workspaces are kept, if there may be several. The caller closes it."""
    from storage.engine import open_engine
    from storage.installations import Installations

    return Installations(open_engine(settings.database), settings.slack_client_id) if settings.slack_client_id else None


def slack_welcome(settings: Settings, access: Access, installations: Installations) -> Welcome:
    """Return how workspaces come and go."""
    from adapters.slack.welcome import Welcome, oauth_flow

    flow = oauth_flow(access, settings.slack_url, installations.store, installations.states)
    return Welcome(flow=flow, teams=installations.teams, forget=installations.forget)


def slack_manner(settings: Settings) -> Manner:
    """Return how we listen."""
    from adapters.slack.door import Address
    from adapters.slack.ear import Manner

    return Manner(
        address=Address(host=settings.slack_host, port=settings.slack_port),
        sockets=settings.slack_sockets,
        admins=settings.slack_admins,
    )

"""Several workspaces: each installs the app by itself, and has a token of its own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.access import API, Access
from adapters.slack.door import INSTALL, REDIRECT
from adapters.slack.leaving import Forget
from adapters.slack.needs import SCOPES


@dataclass(frozen=True, slots=True, kw_only=True)
class Welcome:
    """How workspaces come and go."""

    flow: AsyncOAuthFlow
    teams: Callable[[], Awaitable[list[str]]]  # that are here
    forget: Forget


def oauth_flow(
    access: Access, url: str, installations: AsyncInstallationStore, states: AsyncOAuthStateStore
) -> AsyncOAuthFlow:
    """Return the pages on which a workspace's admin installs the app; ``url`` is our public address."""
    settings = AsyncOAuthSettings(
        client_id=access.client_id,
        client_secret=access.client_secret,
        scopes=list(SCOPES),
        installation_store=installations,
        state_store=states,
        install_path=INSTALL,
        redirect_uri_path=REDIRECT,
        redirect_uri=f"{url.rstrip('/')}{REDIRECT}" if url else None,
        authorization_url=_page(access.api),
    )
    return AsyncOAuthFlow(client=AsyncWebClient(base_url=access.api), settings=settings)


def _page(api: str) -> str | None:
    """Return where people agree, if Slack is not where it always is."""
    parts = urlsplit(api)
    return None if api == API else f"{parts.scheme}://{parts.netloc}/oauth/v2/authorize"

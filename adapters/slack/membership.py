"""In which workspaces we are at home, as slack-bolt asks for each thing that it is told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any, TypeAlias

import structlog
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.errors import SlackApiError

from adapters.slack.connection import Connection, error_of
from core.errors import NotAvailable

GONE = frozenset({"invalid_auth", "account_inactive", "token_revoked", "not_authed", "token_expired"})
"""What Slack says about a token that does not work any more."""

REFUSED = "Slack refuses SLACK_BOT_TOKEN. Copy it again from the app's page, under OAuth & Permissions."
NO_SOCKET = (
    "Slack refuses SLACK_APP_TOKEN ({why}). Make one under Basic Information, App-Level Tokens, with the scope "
    "connections:write, and switch Socket Mode on."
)

ACTS = frozenset({"block_actions", "view_submission", "view_closed"})
"""What is done to messages and forms of ours."""

Next: TypeAlias = Callable[[], Awaitable[Any]]

log = structlog.get_logger(__name__)


class Homes:
    """Finds the workspace that something pressed or filled in belongs to.

    In a channel that workspaces share, who presses a button may be of another one than has installed the app, and Slack
    does not name the same one everywhere. Our message, and a form of ours, know whose they are.
    """

    def __init__(self, connection: Connection) -> None:
        """Ask ``connection`` in which workspaces we are."""
        self._connection = connection

    async def on_act(self, body: Mapping[str, Any], context: AsyncBoltContext, next_: Next) -> None:
        """Note the workspace, before slack-bolt asks who we are there."""
        if body.get("type") in ACTS:
            for team in _teams(body, context.team_id):
                if await self._ours(team):
                    context["team_id"] = team
                    break
        await next_()

    async def _ours(self, team: str) -> bool:
        try:
            await self._connection.token(team)
        except NotAvailable:
            return False
        return True


def _teams(body: Mapping[str, Any], told: str | None) -> Iterator[str]:
    """Yield the workspaces that an act may belong to, the surest first; ``told`` is the one slack-bolt reads."""
    view, message, user = (body.get(name) or {} for name in ("view", "message", "user"))
    named = (view.get("app_installed_team_id"), message.get("team"), told, user.get("team_id"))
    yield from (str(team) for team in named if team)


class Membership(AsyncAuthorize):
    """Asks Slack once who we are in a workspace: acknowledging waits for nothing but the store."""

    def __init__(self, connection: Connection) -> None:
        """Ask on ``connection``."""
        super().__init__()  # type: ignore[no-untyped-call]
        self._connection = connection

    async def __call__(
        self, *, team_id: str | None = None, enterprise_id: str | None = None, **_more: Any
    ) -> AuthorizeResult | None:
        """Return who we are there; None where we are not."""
        team = team_id or ""
        try:
            token = await self._connection.token(team)
            me = await self._connection.me(team)
        except NotAvailable:
            return None
        except SlackApiError as error:
            if error_of(error) in GONE:
                log.warning("Slack does not let us in", team=team, why=error_of(error))
                return None
            # Not as Slack's own error: slack-bolt would acknowledge what nobody has heard.
            raise NotAvailable(f"Slack does not say who I am: {error_of(error)}.") from error
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team, bot_user_id=me, bot_token=token)

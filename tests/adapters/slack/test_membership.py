"""Who we are in a workspace: asked once, and what Slack does not tell is not acknowledged."""

from __future__ import annotations

import re
from typing import Any

import pytest
from slack_bolt.async_app import AsyncAck, AsyncBoltContext, AsyncBoltRequest

from adapters.slack.app import bolt_app
from adapters.slack.connection import Connection
from adapters.slack.membership import Membership
from core.errors import NotAvailable
from tests.adapters.slack.house import access
from tests.simulators.slack import Simulator

pytestmark = pytest.mark.anyio


async def test_it_asks_once_and_waits_where_slack_is_unwell(slack: Simulator) -> None:
    """An error of Slack's own is raised, so that Slack tells again; then who we are is known without asking."""
    connection = Connection(access(slack))
    membership = Membership(connection)
    slack.web.errors["auth.test"] = "internal_error"
    with pytest.raises(NotAvailable):
        await membership(team_id=slack.workspace.id)
    slack.web.errors.clear()
    known = await membership(team_id=slack.workspace.id)
    slack.web.errors["auth.test"] = "internal_error"
    assert await membership(team_id=slack.workspace.id) == known
    assert known is not None
    assert known.bot_user_id == slack.bot
    await connection.close()


async def test_where_the_token_is_gone_we_are_nobody(slack: Simulator) -> None:
    """A token that was taken back makes us no member."""
    connection = Connection(access(slack))
    slack.web.errors["auth.test"] = "token_revoked"
    assert await Membership(connection)(team_id=slack.workspace.id) is None
    await connection.close()


GUEST = {"id": "U0GUEST", "team_id": "T0GUESTS"}
"""Somebody of a workspace that shares a channel with ours, and has not installed the app."""


@pytest.mark.parametrize("theirs", [True, False], ids=["Slack names theirs", "Slack names ours"])
@pytest.mark.parametrize("kind", ["block_actions", "view_submission"])
async def test_what_a_guest_presses_belongs_to_the_workspace_that_installed_the_app(
    slack: Simulator, kind: str, theirs: bool
) -> None:
    """Whichever of the two workspaces Slack names first: we act with the one token that we have."""
    home, acted = slack.workspace.id, []

    async def tokens(team: str) -> str:
        if team != home:
            raise NotAvailable("Not installed there.")
        return slack.bot_token

    async def listener(ack: AsyncAck, context: AsyncBoltContext) -> None:
        acted.append((context.team_id, context.bot_user_id))
        await ack()

    connection = Connection(access(slack), tokens)
    app = bolt_app(connection)
    app.action(re.compile(""))(listener)
    app.view("form")(listener)
    body: dict[str, Any] = {"type": kind, "team": {"id": GUEST["team_id"] if theirs else home}, "user": GUEST}
    if kind == "block_actions":
        message = {"ts": "1.2", "team": home, "text": ""}
        body |= {"actions": [{"type": "button", "action_id": "a", "block_id": "b"}], "message": message}
    else:
        body["view"] = {"id": "V1", "type": "modal", "callback_id": "form", "app_installed_team_id": home}
    answer = await app.async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode"))
    assert (answer.status, acted) == (200, [(home, slack.bot)])
    await connection.close()

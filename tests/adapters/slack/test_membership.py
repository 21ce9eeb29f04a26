"""Who we are in a workspace: asked once, and what Slack does not tell is not acknowledged."""

from __future__ import annotations

import pytest

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

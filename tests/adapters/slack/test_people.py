"""Who people are, as far as Slack tells."""

from __future__ import annotations

import pytest

from adapters.slack.connection import Connection
from adapters.slack.people import People, at_home
from tests.adapters.slack.house import access
from tests.simulators.slack import Person, Simulator

pytestmark = pytest.mark.anyio


async def test_an_admin_of_another_workspace_is_a_guest(slack: Simulator, ada: Person) -> None:
    """In a channel that two workspaces share only the admins of ours decide, whichever workspace a press names."""
    eve = slack.person("Eve", team=slack.team("Elsewhere"), admin=True, stranger=True)
    connection = Connection(access(slack))
    people = People(connection)
    for team in (slack.workspace.id, eve.user.team.id):
        assert await people.is_admin(team, ada.user.id)
        assert not await people.is_admin(team, eve.user.id)
    assert await people.name(slack.workspace.id, eve.user.id) == "Eve"
    await connection.close()


@pytest.mark.parametrize(
    ("facts", "ours"),
    [
        ({}, True),
        ({"team_id": "T1"}, True),
        ({"team_id": "T2"}, False),
        ({"team_id": "T2", "enterprise_user": {"teams": ["T1", "T2"]}}, True),
    ],
)
def test_an_organisation_is_one_house(facts: dict[str, object], ours: bool) -> None:
    """Somebody belongs to each workspace of their organisation that Slack names."""
    assert at_home(facts, "T1") is ours

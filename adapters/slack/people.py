"""Who people are in their workspace: what they are called, and whether they administer it."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import anyio
from slack_sdk.errors import SlackApiError

from adapters.slack.connection import Connection
from adapters.slack.errands import LOST
from core.errors import NotAvailable

KNOWN_SECONDS = 600.0
"""For so long what Slack says about somebody is believed."""

PEOPLE = 5_000

LEARN_SECONDS = 0.8
"""In which Slack should tell what people are called whom a message names: it waits for us meanwhile."""

LEARNED = 5
"""People of one message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What Slack says about somebody."""

    name: str
    admin: bool
    at: float  # when it said so, in seconds of this process


class People:
    """Remembers for a while what Slack said."""

    def __init__(self, connection: Connection, admins: Collection[str] = ()) -> None:
        """Ask on ``connection``; ``admins`` are ids of people who count as admins whatever Slack says."""
        self._connection = connection
        self._admins = frozenset(admins)
        self._known: OrderedDict[tuple[str, str], Person] = OrderedDict()

    def names(self, team: str) -> Mapping[str, str]:
        """Return the names that are known, by id."""
        return {user: person.name for (where, user), person in self._known.items() if where == team}

    async def learn(self, team: str, users: Iterable[str]) -> None:
        """Have Slack tell what people are called, a few of those whom we do not know; nothing else waits for it."""
        unknown = [user for user in dict.fromkeys(users) if (team, user) not in self._known]
        with anyio.move_on_after(LEARN_SECONDS):
            async with anyio.create_task_group() as group:
                for user in unknown[:LEARNED]:
                    group.start_soon(self._learn, team, user)

    async def _learn(self, team: str, user: str) -> None:
        with suppress(*LOST, NotAvailable):
            await self.person(team, user)

    async def name(self, team: str, user: str) -> str:
        """Return what somebody is called, as well as Slack tells."""
        try:
            return (await self.person(team, user)).name or user
        except SlackApiError:
            return user

    async def is_admin(self, team: str, user: str) -> bool:
        """Whether somebody administers a workspace. Where Slack does not tell, nobody does."""
        if user in self._admins:
            return True
        try:
            return (await self.person(team, user)).admin
        except SlackApiError:
            return False

    async def person(self, team: str, user: str) -> Person:
        """Return what Slack says about somebody. Raises SlackApiError."""
        key = (team, user)
        known = self._known.get(key)
        if known is None or time.monotonic() - known.at > KNOWN_SECONDS:
            known = await self._asked(team, user)
            while len(self._known) >= PEOPLE:
                self._known.popitem(last=False)
            self._known[key] = known
        return known

    async def _asked(self, team: str, user: str) -> Person:
        said = (await (await self._connection.client(team)).users_info(user=user))["user"]
        profile = said.get("profile") or {}
        name = (
            profile.get("display_name") or profile.get("real_name") or said.get("real_name") or said.get("name") or ""
        )
        admin = any(said.get(right) for right in ("is_admin", "is_owner", "is_primary_owner"))
        return Person(
            name=str(name), admin=admin and at_home(said, await self._connection.home(team)), at=time.monotonic()
        )


def at_home(said: Mapping[str, Any], team: str) -> bool:
    """Whether somebody is of a workspace; in channels that it shares with others, their admins are guests."""
    organisation = said.get("enterprise_user") or {}
    teams = {str(said.get("team_id") or team), *(organisation.get("teams") or ())}
    return team in teams

"""Who people are in their workspace: what they are called, and whether they administer it."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from slack_sdk.errors import SlackApiError

from adapters.slack.line import Line

KNOWN_SECONDS = 600.0
"""For so long what Slack says about somebody is believed."""

PEOPLE = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What Slack says about somebody."""

    name: str
    admin: bool
    at: float  # when it said so, in seconds of this process


class People:
    """Remembers for a while what Slack said."""

    def __init__(self, line: Line, admins: Collection[str] = ()) -> None:
        """Ask on ``line``; ``admins`` are ids of people who count as admins whatever Slack says."""
        self._line = line
        self._admins = frozenset(admins)
        self._known: OrderedDict[tuple[str, str], Person] = OrderedDict()

    def names(self, team: str) -> Mapping[str, str]:
        """Return the names that are known, by id."""
        return {user: person.name for (where, user), person in self._known.items() if where == team}

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
        said = (await (await self._line.client(team)).users_info(user=user))["user"]
        profile = said.get("profile") or {}
        name = (
            profile.get("display_name") or profile.get("real_name") or said.get("real_name") or said.get("name") or ""
        )
        admin = any(said.get(right) for right in ("is_admin", "is_owner", "is_primary_owner"))
        return Person(name=str(name), admin=bool(admin), at=time.monotonic())

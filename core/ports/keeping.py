"""What is kept of people, places and workspaces, for how long, and what goes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Protocol

from core.types import Request

NOWHERE: Mapping[str, float] = MappingProxyType({})
"""No place keeps anything for a time of its own."""


class People(Protocol):
    """What is kept of each person."""

    async def request(self, number: str) -> Request | None:
        """Return the accepted request with this id."""
        ...

    async def requests(self, platform: str, author: str) -> list[Request]:
        """Return all requests of a person that are kept, newest first."""
        ...

    async def forget(self, platform: str, author: str) -> int:
        """Delete a person's requests with their events and turns; those under way stay. Returns how many went.

        A message that was forgotten and is delivered again is still known.
        """
        ...


class Archive(Protocol):
    """What is kept for a time, and what a place or a time leaves behind when it is over."""

    async def prune(self, before: float, places: Mapping[str, float] = NOWHERE) -> int:
        """Delete what is older than ``before`` (Unix seconds): requests with their events and turns, and results.

        For ``places``, which are scopes, the time of the most particular one counts. Remembered results belong to no
        place: the latest of all these times counts for them. In Spending nobody's name is left. A request that is still
        to be answered stays. Returns how many requests went.
        """
        ...

    async def forget(self, scope: str) -> int:
        """Delete the requests of a workspace or channel in the same way, however old, and what was decided there."""
        ...

    async def under_way(self, scope: str) -> list[str]:
        """Return the ids of the requests of a workspace or channel that are still to be answered."""
        ...


class Memberships(Protocol):
    """In which workspaces accounts of ours are known to be: who let one go while it was away is told from the rest.

    An account is named by its platform and who it is there.
    """

    async def of(self, account: str) -> frozenset[str]:
        """Return the workspaces that an account is in, as far as it was told."""
        ...

    async def join(self, account: str, workspaces: Collection[str]) -> None:
        """Store that an account is in these workspaces, beside others."""
        ...

    async def leave(self, account: str, workspace: str) -> None:
        """Store that an account is not in a workspace any more."""
        ...

"""Requests on their way: the row that links ears with hands, and what has happened to each."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from core.events import Event
from core.turns import Queue
from core.types import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A request lent to one worker."""

    request: Request
    attempt: int  # 1 for the first
    stopped: str | None = None  # who asked to stop it before it was claimed
    approved: str | None = None  # who wants it to be run, whatever it costs


class Inbox(Protocol):
    """The row that links the platforms' ears with the working hands."""

    async def accept(self, request: Request) -> bool:
        """Store a request and, in the same transaction, the user's line in the window; it counts in Spending.

        Returns False when ``request.origin.key`` is known already. Raises Busy when too much is waiting,
        StoreFailed when the store cannot be used.
        """
        ...

    async def known(self, key: str) -> bool:
        """Whether a request with this ``origin.key`` was accepted before."""
        ...

    async def claim(self, worker: str, *, lease: float, platforms: Collection[str]) -> Claim | None:
        """Lend the next request of these platforms to ``worker`` for ``lease`` seconds, or None.

        One conversation is answered in order, one request at a time; among conversations, the author with the
        least work under way goes first, then the oldest request. A lease that ran out may be claimed anew.
        """
        ...

    async def renew(self, worker: str, *, lease: float) -> Mapping[str, str | None]:
        """Prolong all of a worker's leases; returns the requests it still holds and who asked to stop each, if any."""
        ...

    async def settle(self, request: str, worker: str, *, done: bool) -> None:
        """End the lease: ``done`` for good, else give the request back so that another worker goes on."""
        ...

    async def park(self, request: str, worker: str) -> None:
        """End the lease of a request whose plan is held: it rests, in nobody's way, until somebody decides.

        Where somebody has decided already, it is given back.
        """
        ...

    async def approve(self, request: str, by: str) -> bool:
        """Have a request run whatever it costs; one that rests is claimed again. False when it is over or unknown."""
        ...

    async def stop(self, request: str, by: str) -> bool:
        """Ask whoever works on the request to stop; one that rests is claimed again, so that its end is told.

        False when it is over or unknown.
        """
        ...

    async def queue(self, platforms: Collection[str]) -> Queue:
        """Return who waits for a worker of these platforms, in the order of their turns."""
        ...

    async def expire(self, before: float, by: str) -> int:
        """Stop all requests that have been resting since before ``before`` (Unix seconds); returns how many."""
        ...


class Journal(Protocol):
    """The events of each request, in order, written once."""

    async def append(self, request: str, events: Sequence[Event], *, after: int) -> None:
        """Write events as numbers ``after``, ``after + 1`` ... in one transaction.

        Raises LeaseLost when one of the numbers is taken: another worker goes on with this request.
        """
        ...

    async def read(self, request: str, *, after: int = 0) -> list[Event]:
        """Return the events from number ``after`` on, in order; empty for an unknown request."""
        ...

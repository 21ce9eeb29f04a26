"""Whoever waits in a queue is told their place in it, and for how long about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import TypeAlias

from core.amounts import duration
from core.executors.ticket import Ticket

TELL_SECONDS = 1.0
"""Between two looks at the queue: who waits for less is told nothing."""

NEAR = 20
"""Places from the front that are told a time: how soon it is the others' turn nobody knows."""

Wait: TypeAlias = Callable[[Sequence[Ticket]], float]
"""Returns the seconds that somebody behind these waits."""


def tell(waiting: Iterable[Ticket], wait: Wait) -> None:
    """Tell everybody whose place has changed."""
    before: list[Ticket] = []
    for place, ticket in enumerate(waiting, start=1):
        if ticket.op == "run" and ticket.place != place:
            ticket.place = place
            about = f", about {duration(wait(before))}" if place <= NEAR else ""
            _note(ticket, f"{words(place)}{about}")
        before.append(ticket)


def go(ticket: Ticket) -> None:
    """Take back what a ticket was told: it is its turn."""
    if ticket.place:
        ticket.place = 0
        _note(ticket, "")


def _note(ticket: Ticket, words: str) -> None:
    with suppress(Exception):  # whoever cannot listen to this still gets the result
        ticket.on_progress(None, words)


def words(place: int) -> str:
    """Return a place as people say it: "next in line", "2nd in line"."""
    if place == 1:
        return "next in line"
    ending = "th" if place % 100 in range(11, 14) else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place}{ending} in line"

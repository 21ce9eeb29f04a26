"""Hybrid mode: whether a task goes to our own devices or to hosted inference, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.ports import Offer
from core.types import Place

SHORT = 1.0
"""Seconds of waiting on our own devices that count as none, where nobody knows how long it takes elsewhere."""

SOONER = 1.1
"""How many times as long a task may take on our own devices and still be done there."""

LONGER = 1.5
"""How many times as long as expected waiting is taken to last: it adds up guesses at other people's jobs."""

LOCAL_FIRST = (Place.LOCAL, Place.REMOTE, Place.EMBEDDED)
REMOTE_FIRST = (Place.REMOTE, Place.LOCAL, Place.EMBEDDED)
"""Embedded models are the last resort."""


@dataclass(frozen=True, slots=True)
class Order:
    """Places, the best first, and the reason in words; none where there was nothing to choose."""

    places: Sequence[Place]
    why: str = ""


def order(candidates: Iterable[Offer]) -> Order:
    """Return which place goes first, by the first candidate of each.

    What was measured decides: where the task is expected to be done first, with a preference for our own devices.
    Before that the paper's rule holds: they go first where the model is there and the queue is short.
    """
    ranked = list(candidates)
    local, remote = (next((one for one in ranked if one.place is place), None) for place in LOCAL_FIRST[:2])
    if local is None or remote is None:
        return Order(LOCAL_FIRST)
    if not local.present:
        return Order(REMOTE_FIRST, "At hosted inference, since its weights would have to be downloaded here.")
    if local.expected is not None and remote.expected is not None:
        return _measured(local, remote)
    if not local.easy:
        return Order(REMOTE_FIRST, "At hosted inference, since no device here is made for a model of this size.")
    if local.wait > SHORT:
        return Order(REMOTE_FIRST, f"At hosted inference, since about {_told(local.wait)} of work waits here.")
    return Order(LOCAL_FIRST, "On a device of our own, since the model is there and nobody waits.")


def _measured(local: Offer, remote: Offer) -> Order:
    here, there = _told(local.expected or 0.0), _told(remote.expected or 0.0)
    if _late(remote) * SOONER < _late(local):
        return Order(REMOTE_FIRST, f"At hosted inference, where it is expected in {there}; here it would take {here}.")
    why = f"On a device of our own, where it is expected in {here}; hosted inference would take {there}."
    return Order(LOCAL_FIRST, why)


def _late(offer: Offer) -> float:
    """Return the seconds until a job given now would be done if waiting lasts longer than expected."""
    return LONGER * offer.wait + (offer.seconds or 0.0)


def _told(seconds: float) -> str:
    return f"{seconds:.2g} s" if seconds < 10 else f"{seconds:.0f} s"

"""What requests cost: counted from their traces, added up for people and places."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from core.events import Trace
from core.types import Place

DAY = 24 * 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What answering took."""

    tasks: int = 0  # that ran to their end
    device_seconds: float = 0.0  # of own devices, the processor included
    remote_seconds: float = 0.0  # of hosted inference
    dollars: float = 0.0  # as far as prices are known


NOTHING = Costs()


@dataclass(frozen=True, slots=True, kw_only=True)
class Expense:
    """One request as it counts against limits; until it has ended it costs nothing yet."""

    at: float  # Unix seconds, when it was accepted
    workspace: str
    channel: str
    costs: Costs = NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """Several requests together; ``person`` is empty where they are of many, or of people who are forgotten."""

    requests: int
    costs: Costs
    person: str = ""


def costs_of(trace: Trace) -> Costs:
    """Return what a request took by its trace; what was remembered or taken over costs nothing."""
    ran = [one for one in trace.results.values() if not one.cached]
    return Costs(
        tasks=len(ran),
        device_seconds=sum(one.seconds for one in ran if one.place is not Place.REMOTE),
        remote_seconds=sum(one.seconds for one in ran if one.place is Place.REMOTE),
        dollars=sum(one.cost or 0.0 for one in trace.consulted),
    )


def who(platform: str, author: str) -> str:
    """Return what people's requests are counted by: it outlives their being forgotten, and tells no name."""
    return hashlib.sha256(f"{platform.partition('-')[0]}/{author}".encode()).hexdigest()[:32]

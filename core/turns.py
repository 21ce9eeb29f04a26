"""Whose turn it will be: the order in which waiting requests are going to be claimed, as far as it can be told now."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """A request that is still to be answered."""

    id: str
    thread: str
    owner: str  # whose it is, as far as fairness goes
    taken: bool  # somebody works on it


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where a request stands in the queue."""

    ahead: int  # those that go first, one that is under way included
    own: int  # how many of these are of its own conversation: they go one after the other


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """Who waits and who is under way."""

    spots: Mapping[str, Spot] = field(default_factory=dict)  # by request
    under_way: int = 0

    def seconds(self, request: str, each: float) -> float:
        """Return how long a request is going to wait, where answering takes ``each`` seconds."""
        spot = self.spots[request]
        return each * max(spot.ahead / max(1, self.under_way), spot.own)


def queue_of(rows: Iterable[Open]) -> Queue:
    """Return the queue of ``rows``, which come in the order of acceptance.

    It is the inbox's own order: among the first of each conversation, the author with the least under way goes first,
    then the oldest. What ends meanwhile changes it.
    """
    loads, threads = Counter[str](), defaultdict[str, deque[tuple[int, Open]]](deque)
    busy = Counter[str]()  # by conversation: under way, or gone before
    for place, row in enumerate(rows):
        if row.taken:
            loads[row.owner] += 1
            busy[row.thread] += 1
        else:
            threads[row.thread].append((place, row))
    under_way = busy.total()
    heads = [(loads[one.owner], place, one) for place, one in (waiting[0] for waiting in threads.values())]
    keyed = [(load, place, one.id, one) for load, place, one in heads]
    heapq.heapify(keyed)
    spots: dict[str, Spot] = {}
    while keyed:
        load, place, _, one = heapq.heappop(keyed)
        if loads[one.owner] > load:  # others of this author went first meanwhile
            heapq.heappush(keyed, (loads[one.owner], place, one.id, one))
            continue
        spots[one.id] = Spot(ahead=len(spots) + 1, own=busy[one.thread])
        loads[one.owner] += 1
        busy[one.thread] += 1
        threads[one.thread].popleft()
        if rest := threads[one.thread]:
            following, after = rest[0]
            heapq.heappush(keyed, (loads[after.owner], following, after.id, after))
    return Queue(spots=spots, under_way=under_way)

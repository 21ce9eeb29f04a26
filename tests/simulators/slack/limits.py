"""Rate limits: a tier for each method and workspace, and one message a second into a channel."""

from __future__ import annotations

import math
import time
from collections import Counter, defaultdict, deque
from dataclasses import dataclass, field

TIERS = {1: 1, 2: 20, 3: 50, 4: 100}
"""Calls a minute of one method in one workspace. Slack says "at least so many"; here they are exact."""

SPECIAL = 600
"""Calls a minute where Slack speaks of special limits or of several hundred a minute."""

MINUTE = 60.0
POSTS_A_SECOND, POSTS_AT_ONCE = 1.0, 5.0
"""Into one channel; Slack allows short bursts and does not say how short."""


@dataclass
class Bucket:
    """Fills with posts that may be made."""

    left: float = POSTS_AT_ONCE
    at: float = 0.0

    def take(self, now: float) -> float:
        """Count a post; returns 0, or seconds to wait."""
        self.left = min(POSTS_AT_ONCE, self.left + (now - self.at) * POSTS_A_SECOND)
        self.at = now
        if self.left < 1:
            return (1 - self.left) / POSTS_A_SECOND
        self.left -= 1
        return 0.0


@dataclass
class Limits:
    """All limits of one app."""

    unlimited: bool = False
    storm: set[str] = field(default_factory=set)  # methods that answer nothing but 429
    storm_seconds: int = 1
    calls: defaultdict[tuple[str, str], deque[float]] = field(default_factory=lambda: defaultdict(deque))
    buckets: defaultdict[str, Bucket] = field(default_factory=lambda: defaultdict(Bucket))
    counts: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)  # calls that got a 429, by method

    def take(self, method: str, tier: int, team: str, channel: str = "") -> int:
        """Count a call; returns 0, or the whole seconds to wait where there were too many."""
        now = time.monotonic()
        self.counts[method] += 1
        if method in self.storm:
            self.refused[method] += 1
            return self.storm_seconds
        if self.unlimited:
            return 0
        wait = self._minute(method, tier, team, now)
        if not wait and channel:
            wait = self.buckets[channel].take(now)
        if wait:
            self.refused[method] += 1
        return math.ceil(wait)

    def _minute(self, method: str, tier: int, team: str, now: float) -> float:
        recent = self.calls[method, team]
        while recent and recent[0] <= now - MINUTE:
            recent.popleft()
        if len(recent) >= TIERS.get(tier, SPECIAL):
            return recent[0] + MINUTE - now
        recent.append(now)
        return 0.0

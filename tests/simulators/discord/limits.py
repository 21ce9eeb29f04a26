"""Rate limits: a bucket for each method, route and channel, as Discord counts them, and one for all."""

from __future__ import annotations

import hashlib
import time
from collections import defaultdict, deque
from dataclasses import dataclass, field

PACES = {
    "POST /channels/messages": (5, 5.0),
    "PATCH /channels/messages": (5, 5.0),
    "DELETE /channels/messages": (5, 1.0),
    "PUT /channels/reactions": (1, 0.25),
    "POST /channels/typing": (5, 5.0),
    "POST /channels/threads": (50, 300.0),
    "POST /webhooks": (5, 5.0),
    "PATCH /webhooks": (5, 5.0),
}
"""Requests in so many seconds. Discord publishes none of these numbers: they are what bots meet."""

USUAL = (50, 1.0)
GLOBAL = (50, 1.0)


@dataclass
class Bucket:
    """A window that starts with its first request."""

    limit: int
    seconds: float
    used: int = 0
    ends: float = 0.0

    def take(self, now: float) -> float:
        """Count a request; returns 0, or the seconds to wait where there were too many."""
        if now >= self.ends:
            self.used, self.ends = 0, now + self.seconds
        if self.used >= self.limit:
            return self.ends - now
        self.used += 1
        return 0.0

    def headers(self, name: str, now: float) -> dict[str, str]:
        left = max(self.ends - now, 0.0)
        return {
            "X-RateLimit-Bucket": name,
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.limit - self.used),
            "X-RateLimit-Reset": f"{time.time() + left:.3f}",
            "X-RateLimit-Reset-After": f"{left:.3f}",
        }


@dataclass
class Limits:
    """All buckets of one bot."""

    unlimited: bool = False
    buckets: dict[tuple[str, str], Bucket] = field(default_factory=dict)
    recent: deque[float] = field(default_factory=deque)
    refused: int = 0  # requests that got a 429
    invalid: int = 0  # and those that were 401, 403 or 429: 10,000 in ten minutes ban an address
    counts: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))

    def take(self, route: str, major: str) -> tuple[float, bool, dict[str, str]]:
        """Count a request; returns seconds to wait (0: none), whether the limit is the global one, and headers."""
        now = time.monotonic()
        self.counts[route] += 1
        if self.unlimited:
            return 0.0, False, {}
        wait = self._take_global(now) if not route.endswith("/webhooks") else 0.0
        if wait:
            self.refused += 1
            return wait, True, {"X-RateLimit-Global": "true", "X-RateLimit-Scope": "global"}
        limit, seconds = PACES.get(route, USUAL)
        bucket = self.buckets.setdefault((route, major), Bucket(limit, seconds))
        wait = bucket.take(now)
        self.refused += wait > 0
        return wait, False, bucket.headers(hashlib.md5(route.encode()).hexdigest(), now)  # noqa: S324 - a name

    def _take_global(self, now: float) -> float:
        while self.recent and self.recent[0] <= now - GLOBAL[1]:
            self.recent.popleft()
        if len(self.recent) >= GLOBAL[0]:
            return self.recent[0] + GLOBAL[1] - now
        self.recent.append(now)
        return 0.0

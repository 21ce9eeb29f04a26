"""What a running expert holds on to, inside the child."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from core.registry import Steer, Stopped

PACE = 0.1  # seconds between two progress letters; of those in between, the latest wins


class Tiller(Steer):
    """The Steer of one job after the other. Experts' threads and the listening thread may all touch it."""

    def __init__(self, tell: Callable[[Mapping[str, Any]], None]) -> None:
        """Tell progress through ``tell``."""
        self._tell = tell
        self._lock = threading.Lock()
        self._job: int | None = None
        self._stopped: int | None = None
        self._latest: tuple[float | None, str] | None = None
        self._told = 0.0

    def enter(self, job: int) -> None:
        """Begin a job."""
        with self._lock:
            self._job, self._latest, self._told = job, None, 0.0

    def leave(self) -> None:
        """End the job: what it has not told yet is of no interest any more."""
        with self._lock:
            self._job, self._latest = None, None

    def stop(self, job: int) -> None:
        """Make the job's next :meth:`check` raise."""
        self._stopped = job

    def progress(self, fraction: float | None, note: str = "") -> None:
        known = fraction is not None and not math.isnan(fraction)
        self._latest = (min(max(float(fraction or 0.0), 0.0), 1.0) if known else None, str(note)[:200])
        if time.monotonic() - self._told >= PACE:
            self.flush()

    def check(self) -> None:
        if self._job is not None and self._stopped == self._job:
            raise Stopped

    def flush(self) -> None:
        """Tell the latest progress if there is any."""
        with self._lock:
            if self._job is None or self._latest is None:
                return
            (fraction, note), self._latest = self._latest, None
            self._told = time.monotonic()
            self._tell({"op": "progress", "id": self._job, "fraction": fraction, "note": note})

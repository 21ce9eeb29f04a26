"""What running experts hold on to, inside the child: one steer for each job of the batch at work."""

from __future__ import annotations

import math
import os
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from core.contract import Steer, Stopped

PACE = 0.1  # seconds between two progress letters of a job; of those in between, the latest wins

Tell = Callable[[Mapping[str, Any]], None]


class Tiller(Steer):
    """The steer of one job. Experts' threads and the listening thread may both touch it."""

    def __init__(self, job: int, tell: Tell, hold: Callable[[], None], *, alone: bool = True) -> None:
        """Tell progress of ``job`` through ``tell``, and through ``hold`` that there is some to be told later.

        One of many jobs, which may be over in a moment, waits with it.
        """
        self.stopped = False
        self._job = job
        self._tell = tell
        self._hold = hold
        self._lock = threading.Lock()
        self._over = False
        self._latest: tuple[float | None, str] | None = None
        self._told = 0.0 if alone else time.monotonic()

    def leave(self) -> None:
        """End the job: what it has not told yet is of no interest any more."""
        with self._lock:
            self._over = True

    def progress(self, fraction: float | None, note: str = "") -> None:
        if fraction is not None and fraction >= 1 and not note:
            return  # the answer says so in a moment: another letter would only keep it up
        known = fraction is not None and not math.isnan(fraction)
        self._latest = (min(max(float(fraction or 0.0), 0.0), 1.0) if known else None, str(note)[:200])
        if time.monotonic() - self._told >= PACE:
            self.flush()
        else:
            self._hold()

    def check(self) -> None:
        if self.stopped:
            raise Stopped

    def flush(self) -> None:
        """Tell the latest progress if there is any."""
        with self._lock:
            if self._over or self._latest is None:
                return
            (fraction, note), self._latest = self._latest, None
            self._told = time.monotonic()
            self._tell({"op": "progress", "id": self._job, "fraction": fraction, "note": note})


class Helm:
    """The tillers of all jobs at work, which are numbered upwards. Who cancels may speak before the job has begun."""

    def __init__(self, tell: Tell) -> None:
        """Give each tiller ``tell``."""
        self.holds = False  # there is progress to be told within a moment
        self.bell = os.eventfd(0, os.EFD_CLOEXEC)  # to be waited for while there is none
        self._tell = tell
        self._lock = threading.Lock()
        self._tillers: dict[int, Tiller] = {}
        self._newest = 0
        self._early: set[int] = set()  # cancelled before they began

    def enter(self, job: int, *, alone: bool = True) -> Tiller:
        """Begin a job, ``alone`` or together with others."""
        with self._lock:
            tiller = self._tillers[job] = Tiller(job, self._tell, self._hold, alone=alone)
            self._newest = job
            tiller.stopped = job in self._early
            self._early.discard(job)
        return tiller

    def leave(self, job: int) -> None:
        """End a job."""
        with self._lock:
            tiller = self._tillers.pop(job, None)
        if tiller:
            tiller.leave()

    def stop(self, job: int) -> None:
        """Make the job's next :meth:`Tiller.check` raise."""
        with self._lock:
            if job in self._tillers:
                self._tillers[job].stopped = True
            elif job > self._newest:
                self._early.add(job)

    def _hold(self) -> None:
        """Wake whoever flushes."""
        with self._lock:
            if not self.holds:
                self.holds = True
                os.eventfd_write(self.bell, 1)

    def flush(self) -> None:
        """Tell the latest progress of every job, once the bell was rung."""
        with self._lock:
            os.eventfd_read(self.bell)
            self.holds = False
            tillers = list(self._tillers.values())
        for tiller in tillers:
            tiller.flush()

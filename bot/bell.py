"""Rung when there is something to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Bell:
    """Wakes the workers of this process; others look now and then."""

    _wakers: list[Callable[[], None]] = field(default_factory=list)

    def add(self, wake: Callable[[], None]) -> None:
        """Have somebody woken from now on."""
        self._wakers.append(wake)

    def __call__(self) -> None:
        """Wake everybody."""
        for wake in self._wakers:
            wake()

"""Rung when there is something to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from core.types import Request


@dataclass(slots=True)
class Bell:
    """Wakes the workers of this process; others look now and then."""

    _wakers: list[Callable[[], None]] = field(default_factory=list)
    _expecting: list[Callable[[Request], None]] = field(default_factory=list)

    def add(self, wake: Callable[[], None], expect: Callable[[Request], None]) -> None:
        """Have somebody woken from now on, and told what was taken in."""
        self._wakers.append(wake)
        self._expecting.append(expect)

    def heard(self, request: Request) -> None:
        """Tell everybody about a request that was taken in."""
        for expect in self._expecting:
            expect(request)

    def __call__(self) -> None:
        """Wake everybody."""
        for wake in self._wakers:
            wake()

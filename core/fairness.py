"""Whose turn it is: a bounded queue that serves its owners in rounds."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from itertools import chain, zip_longest
from typing import Generic, TypeVar

from core.errors import Busy

T = TypeVar("T")

_NOTHING = object()


class FairQueue(Generic[T]):
    """Items wait behind those of their own owner only: an owner with a hundred items delays the next one by one.

    Holds at most ``size`` items. Owners are served in the order in which they came to wait.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._waiting: dict[str, deque[T]] = {}  # in the order of their next turns

    def __len__(self) -> int:
        return sum(map(len, self._waiting.values()))

    def __iter__(self) -> Iterator[T]:
        """Yield the items in the order in which they would be popped."""
        rounds = zip_longest(*self._waiting.values(), fillvalue=_NOTHING)
        return (item for item in chain.from_iterable(rounds) if item is not _NOTHING)  # type: ignore[misc]

    def push(self, owner: str, item: T) -> None:
        """Let an item wait for its turn. Raises Busy when the queue is full."""
        if len(self) >= self._size:
            raise Busy("Too much work is waiting already. Please try again in a little while.")
        self._waiting.setdefault(owner, deque()).append(item)

    def pop(self) -> T:
        """Take the next item. Raises IndexError when nothing waits."""
        if not self._waiting:
            raise IndexError("nothing waits")
        item = next(iter(self._waiting.values()))[0]
        self.take(item)
        return item

    def take(self, item: T) -> None:
        """Take an item, whosever turn it is: its owner has had a turn by that. Raises LookupError."""
        for owner, items in self._waiting.items():
            if item in items:
                del self._waiting[owner]
                items.remove(item)
                if items:
                    self._waiting[owner] = items  # behind the others
                return
        raise LookupError("it does not wait here")

    def remove(self, item: T) -> bool:
        """Take an item out of its turn; False when it does not wait here."""
        for owner, items in self._waiting.items():
            if item in items:
                items.remove(item)
                if not items:
                    del self._waiting[owner]
                return True
        return False

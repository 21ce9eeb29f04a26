"""What is costly to load and never changes is held once in a process, for as long as an expert holds it."""

from __future__ import annotations

import functools
import weakref
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def shared(make: Callable[[], T]) -> Callable[[], T]:
    """Make ``make`` return one object to all that hold it; when the last one lets go, its memory is free again."""
    held: weakref.WeakValueDictionary[str, T] = weakref.WeakValueDictionary()

    @functools.wraps(make)
    def get() -> T:
        found = held.get("it")
        if found is None:
            found = held["it"] = make()
        return found

    return get

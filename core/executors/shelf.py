"""The loaded experts of one child: the least recently used leave when the shelf is full."""

from __future__ import annotations

import gc
from collections import OrderedDict

from core.registry import Card, Expert


class Shelf:
    """Keeps at most ``count`` experts, and at most ``memory`` bytes as far as their sizes are known."""

    def __init__(self, *, count: int = 8, memory: int | None = None) -> None:
        """Start empty; ``memory`` None means no bound in bytes."""
        self._count = count
        self._memory = memory
        self._experts: OrderedDict[tuple[str, str], tuple[Expert, int]] = OrderedDict()

    def take(self, card: Card) -> Expert:
        """Return the card's expert, loaded. Room is made before it loads; nothing is kept if loading fails."""
        if card.key not in self._experts:
            self._make_room(card.model.memory or 0)
            made = card.make(card.model)
            made.load()
            self._experts[card.key] = (made, card.model.memory or 0)
        self._experts.move_to_end(card.key)
        return self._experts[card.key][0]

    def holds(self, card: Card) -> bool:
        """Whether the card's expert is loaded."""
        return card.key in self._experts

    def clear(self) -> None:
        """Let all experts go."""
        self._experts.clear()
        gc.collect()

    def _make_room(self, size: int) -> None:
        evicted = False
        while self._experts and self._is_full(size):
            self._experts.popitem(last=False)
            evicted = True
        if evicted:
            gc.collect()

    def _is_full(self, size: int) -> bool:
        used = sum(size for _, size in self._experts.values())
        return len(self._experts) >= self._count or (self._memory is not None and used + size > self._memory)

"""The loaded experts of one child: room is made before a model loads, the least recently used leave first."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from core.contract import CPU, Card, Expert
from core.executors.gauge import BlindGauge, Gauge
from core.executors.sizes import Need

Key = tuple[str, str]


@dataclass(slots=True)
class _Held:
    """A loaded expert and the memory it takes, estimated until it is measured."""

    expert: Expert
    need: Need


class Shelf:
    """Keeps at most ``count`` experts, and at most ``memory`` bytes of them as far as their sizes are known."""

    def __init__(
        self, *, count: int = 8, memory: int | None = None, device: str = CPU, gauge: Gauge | None = None
    ) -> None:
        """Start empty; experts are made for ``device``. ``memory`` None means no bound in bytes."""
        self._count = count
        self._memory = memory
        self._device = device
        self._gauge = gauge or BlindGauge()
        self._held: OrderedDict[Key, _Held] = OrderedDict()

    def take(self, card: Card, need: Need | None = None) -> Expert:
        """Return the card's expert, loaded, with room for its work. Nothing is kept if loading fails.

        ``need`` is what it is thought to take; a model beyond the bound is tried alone.
        """
        held = self._held.get(card.key)
        if held is not None and held.expert.model.revision != card.model.revision:
            self._drop(card.key)  # pinned, or not any more
            held = None
        if held is None:
            need = need or Need(card.model.memory or 0)
            self._make_room(need.total)
            held = self._held[card.key] = _Held(*self._loaded(card, need))
        self._held.move_to_end(card.key)
        if self._memory is not None and self._taken() + held.need.working > self._memory:
            self._make_room(held.need.working, but=card.key)
        return held.expert

    def work(self, card: Card) -> None:
        """Begin to measure what a job of the card's expert takes."""
        self._gauge.start()

    def worked(self, card: Card) -> None:
        """Note the most that a job took beside the weights."""
        peak, held = self._gauge.peak(), self._held.get(card.key)
        if peak is not None and held is not None:
            working = max(0, peak - self._taken())
            held.need = Need(held.need.resident, max(working, 1))

    def save_memory(self, card: Card) -> bool:
        """Have the card's expert make do with less; False where it cannot, or is not loaded."""
        held = self._held.get(card.key)
        if held is None or not held.expert.save_memory():
            return False
        self._gauge.trim()
        if (used := self._gauge.used()) is not None:
            held.need = Need(max(0, used - (self._taken() - held.need.resident)), held.need.working)
        return True

    def holds(self, card: Card) -> bool:
        """Whether the card's expert is loaded."""
        return card.key in self._held

    def needs(self) -> dict[Key, Need]:
        """Return what the loaded experts take, the least recently used first."""
        return {key: held.need for key, held in self._held.items()}

    def clear(self, but: Card | None = None) -> None:
        """Let all experts go, or all others."""
        for key in [key for key in self._held if but is None or key != but.key]:
            self._drop(key)
        self._gauge.trim()

    def _loaded(self, card: Card, need: Need) -> tuple[Expert, Need]:
        before = self._gauge.used()
        expert = card.make(card.model, self._device)
        try:
            expert.load()
        except BaseException:
            del expert
            self._gauge.trim()
            raise
        after = self._gauge.used()
        measured = max(0, after - before) if after is not None and before is not None else expert.size()
        return expert, Need(measured, need.working) if measured is not None else need

    def _make_room(self, wanted: int, but: Key | None = None) -> None:
        """Let experts go until ``wanted`` bytes and one more expert fit, or none is left that may go."""
        while (key := next((key for key in self._held if key != but), None)) and self._is_full(wanted, but):
            self._drop(key)

    def _is_full(self, wanted: int, but: Key | None) -> bool:
        if but is None and len(self._held) >= self._count:
            return True
        if self._memory is None:
            return False
        free = self._gauge.free()
        return self._taken() + wanted > self._memory or (free is not None and wanted > free)

    def _drop(self, key: Key) -> None:
        """Let an expert go. What it shared with others is theirs from now on."""
        del self._held[key]
        self._gauge.trim()  # after each, so that the device itself says what is free
        for held in self._held.values():
            if self._gauge.used() is None and (size := held.expert.size()) is not None:
                held.need = Need(size, held.need.working)

    def _taken(self) -> int:
        """Return the bytes of all loaded experts: as the device says, else as they say."""
        used = self._gauge.used()
        return sum(held.need.resident for held in self._held.values()) if used is None else used

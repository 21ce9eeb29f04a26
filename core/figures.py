"""How models did here: whether they ran, and how long they took. Ties between candidates are broken by it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from core.types import Place

UNWELL = 3
"""Failures in a row after which a model is asked last."""

_WEIGHT = 0.2
"""How much the newest run counts: the mean follows a change within a handful of runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One model's figures for one task type."""

    runs: int = 0
    failed_in_a_row: int = 0
    seconds: float | None = None  # running mean of the runs that went well

    @property
    def unwell(self) -> bool:
        """Whether it failed too often lately."""
        return self.failed_in_a_row >= UNWELL

    def after(self, *, seconds: float | None) -> Figure:
        """Return the figure after one more run; ``seconds`` None means that it failed by its own fault."""
        if seconds is None:
            return replace(self, runs=self.runs + 1, failed_in_a_row=self.failed_in_a_row + 1)
        mean = seconds if self.seconds is None else (1 - _WEIGHT) * self.seconds + _WEIGHT * seconds
        return replace(self, runs=self.runs + 1, failed_in_a_row=0, seconds=mean)


@dataclass(slots=True)
class Figures:
    """The figures of this process, by task type, model and place."""

    _of: dict[tuple[str, str, Place], Figure] = field(default_factory=dict)

    def of(self, type_: str, model: str, place: Place) -> Figure:
        """Return the figure of a model at a place, an empty one where it never ran there."""
        return self._of.get((type_, model, place), Figure())

    def note(self, type_: str, model: str, place: Place, *, seconds: float | None) -> None:
        """Take down a run; ``seconds`` None means that it failed by the model's or its place's fault."""
        self._of[type_, model, place] = self.of(type_, model, place).after(seconds=seconds)

"""Labels with scores: as rows of a table, most likely first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from core.types import Json

ROWS = 10
"""How many labels a person is shown. Models know a thousand."""


def score_rows(labels: Iterable[str], scores: Iterable[float], most: int | None = ROWS) -> list[Json]:
    """Return rows of label and score (0 to 1), best first, at most ``most`` of them; None for all."""
    return [{"label": label, "score": round(float(score), 4)} for label, score in _ranked(labels, scores)[:most]]


def scored(labels: Sequence[str], scores: Sequence[float], most: int | None = ROWS) -> dict[str, Json]:
    """Return the most likely ``label``, and the ``scores`` as rows."""
    return {"label": _ranked(labels, scores)[0][0], "scores": score_rows(labels, scores, most)}


def _ranked(labels: Iterable[str], scores: Iterable[float]) -> list[tuple[str, float]]:
    return sorted(zip(labels, scores, strict=True), key=lambda each: -each[1])

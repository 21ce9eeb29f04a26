"""How sure a result is, and what it consists of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from core.controllers.rules.markdown import code
from core.types import Result

SUREST = 99
"""Per cent. Experts round up to certainty, which none of them has."""

_AMOUNTS = ("score", "share")
"""Columns that are reckoned with."""


def main_text(result: Result) -> str | None:
    """Return the first output that is words."""
    return next((output for output in result.outputs.values() if isinstance(output, str)), None)


def rows(result: Result) -> Sequence[Mapping[str, Any]]:
    """Return the first table. Experts of other packages may call anything a score: what is no number counts as none."""
    tables = (output for output in result.outputs.values() if isinstance(output, list))
    return [_counted(row) for row in next(tables, ()) if isinstance(row, dict)]


def _counted(row: Mapping[str, Any]) -> Mapping[str, Any]:
    odd = {name for name in _AMOUNTS if not isinstance(row.get(name, 0), int | float)}
    return {name: value for name, value in row.items() if name not in odd} if odd else row


def confidence(result: Result) -> float | None:
    """Return how sure a result is, from 0 to 1: of its label, of its best passage, else the mean of its parts."""
    scored = [row for row in rows(result) if isinstance(row.get("score"), int | float)]
    if not scored:
        return None
    label = main_text(result)
    mine = [float(row["score"]) for row in scored if row.get("label") == label]
    if mine:
        return mine[0]
    scores = [float(row["score"]) for row in scored]
    return max(scores) if "answer" in result.outputs else sum(scores) / len(scores)


def percent(score: object) -> str:
    """Return a share from 0 to 1 as per cent."""
    return f"{round(100 * float(score))} %" if isinstance(score, int | float) else "unknown"


def by(result: Result) -> str:
    """Name the model, and how sure it is."""
    sure = confidence(result)
    if sure is None:
        return code(result.model)
    share = min(round(100 * sure), SUREST)
    return f"{code(result.model)}, {share if share > 0 else 'less than 1'} % sure"

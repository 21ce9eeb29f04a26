"""tabular-classification: sorts the rows of a table into classes. No embedded expert does it."""

from __future__ import annotations

from core.registry import Give, Take, TaskType
from core.types import Kind

TYPE = TaskType(
    name="tabular-classification",
    summary="Classify the rows of a table, or answer a question about a table.",
    takes=(
        Take(
            name="table",
            kinds=(Kind.TABLE, Kind.TEXT, Kind.IMAGE),
            about="the table: rows, CSV text or a picture of it",
        ),
        Take(name="question", kinds=(Kind.TEXT,), about="what to find out about it", required=False),
    ),
    gives=(
        Give(name="label", kind=Kind.TEXT, about="the best label"),
        Give(name="scores", kind=Kind.TABLE, about="label, score from 0 to 1, best first"),
    ),
    examples=("Which class does each row of this table belong to?",),
)

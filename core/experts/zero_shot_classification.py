"""zero-shot-classification: sorts a text into labels given with it. No embedded expert does it."""

from __future__ import annotations

from core.registry import Give, Take, TaskType
from core.types import Kind

TYPE = TaskType(
    name="zero-shot-classification",
    summary="Tell which of the given labels fits a text.",
    takes=(
        Take(name="text", kinds=(Kind.TEXT,), about="the text to classify"),
        Take(name="labels", kinds=(Kind.TEXT,), about="the labels to choose from", many=True),
    ),
    gives=(
        Give(name="label", kind=Kind.TEXT, about="the best label"),
        Give(name="scores", kind=Kind.TABLE, about="label, score from 0 to 1, best first"),
    ),
    examples=("Is this message about sport, politics or music?",),
)

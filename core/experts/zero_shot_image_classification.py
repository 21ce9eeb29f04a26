"""zero-shot-image-classification: which of the given labels fits an image best."""

from __future__ import annotations

from core.experts._shapes import IMAGE, LABEL, LABELS, SCORES
from core.registry import TaskType

TYPE = TaskType(
    name="zero-shot-image-classification",
    summary="Say which of the labels given fits an image best.",
    takes=(
        IMAGE,
        LABELS,
    ),
    gives=(
        LABEL,
        SCORES,
    ),
    examples=(
        "Is this a cat, a fox or a wolf?",
        "Which fits a.jpg best: summer, winter, autumn?",
    ),
)

"""image-classification: what an image shows, as one of many labels."""

from __future__ import annotations

from core.experts._shapes import IMAGE, LABEL, SCORES
from core.registry import TaskType

TYPE = TaskType(
    name="image-classification",
    summary="Say what an image shows: the most likely label, with scores.",
    takes=(IMAGE,),
    gives=(
        LABEL,
        SCORES,
    ),
    examples=(
        "What is in this picture?",
        "Classify a.jpg",
        "Is this a cat or a dog?",
    ),
)

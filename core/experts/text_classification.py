"""text-classification: tells whether a text sounds positive, neutral or negative."""

from __future__ import annotations

from core.registry import Give, Take, TaskType
from core.types import Kind

TYPE = TaskType(
    name="text-classification",
    summary="Tell the sentiment of a text: positive, neutral or negative.",
    takes=(Take(name="text", kinds=(Kind.TEXT,), about="the text to judge"),),
    gives=(
        Give(name="label", kind=Kind.TEXT, about="the best label"),
        Give(name="scores", kind=Kind.TABLE, about="label, score from 0 to 1 (together 1), best first"),
    ),
    examples=("What is the sentiment of 'I love you'?", "Is this review positive or negative?"),
)

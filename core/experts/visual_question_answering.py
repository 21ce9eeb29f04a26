"""visual-question-answering: an answer to a question about an image."""

from __future__ import annotations

from core.experts._shapes import IMAGE, SCORES
from core.registry import Give, Take, TaskType
from core.types import Kind

TYPE = TaskType(
    name="visual-question-answering",
    summary="Answer a question about what an image shows.",
    takes=(
        IMAGE,
        Take(name="question", kinds=(Kind.TEXT,)),
    ),
    gives=(
        Give(name="answer", kind=Kind.TEXT),
        SCORES,
    ),
    examples=(
        "What colour is the car in this picture?",
        "How many zebras are there?",
        "Is the man in a.jpg smiling?",
    ),
)

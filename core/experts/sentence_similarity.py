"""sentence-similarity: tells how close in meaning sentences are. No embedded expert does it."""

from __future__ import annotations

from core.registry import Give, Take, TaskType
from core.types import Kind

TYPE = TaskType(
    name="sentence-similarity",
    summary="Tell how close in meaning sentences are to a text.",
    takes=(
        Take(name="text", kinds=(Kind.TEXT,), about="the text to compare with"),
        Take(name="sentences", kinds=(Kind.TEXT,), about="the sentences to score", many=True),
    ),
    gives=(Give(name="scores", kind=Kind.TABLE, about="label (the sentence), score from 0 to 1, best first"),),
    examples=("Which of these sentences means the same as the first?",),
)

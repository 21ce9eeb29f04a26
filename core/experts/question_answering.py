"""question-answering: finds the answer to a question in a text given with it."""

from __future__ import annotations

from core.registry import Give, Take, TaskType
from core.types import Kind

TYPE = TaskType(
    name="question-answering",
    summary="Answer a question from a text that holds the answer.",
    takes=(
        Take(name="question", kinds=(Kind.TEXT,), about="the question"),
        Take(name="context", kinds=(Kind.TEXT,), about="the text to look in"),
    ),
    gives=(
        Give(name="answer", kind=Kind.TEXT, about="the words of the text that answer it"),
        Give(name="passages", kind=Kind.TABLE, about="text, score from 0 to 1: where the answer was found, best first"),
    ),
    examples=("According to this text, who founded the company?", "How many people does this article speak of?"),
)

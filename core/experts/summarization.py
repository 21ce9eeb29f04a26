"""summarization: makes a long text short."""

from __future__ import annotations

from core.registry import Give, Take, TaskType
from core.types import Kind

TYPE = TaskType(
    name="summarization",
    summary="Make a long text short.",
    takes=(
        Take(name="text", kinds=(Kind.TEXT,), about="the text to shorten"),
        Take(
            name="sentences",
            kinds=(Kind.NUMBER,),
            about="how many sentences to keep; chosen by the length of the text if not given",
            required=False,
            low=1,
            high=100,
        ),
    ),
    gives=(Give(name="text", kind=Kind.TEXT, about="the summary"),),
    examples=("Summarise this article.", "Give me the gist in three sentences.", "Shorten this text."),
)

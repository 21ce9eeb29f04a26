"""conversational: talks. No embedded expert does it."""

from __future__ import annotations

from core.registry import Give, Take, TaskType
from core.types import Kind

TYPE = TaskType(
    name="conversational",
    summary="Answer in a conversation, without any file or tool.",
    takes=(Take(name="text", kinds=(Kind.TEXT,), about="what the person said"),),
    gives=(Give(name="text", kind=Kind.TEXT, about="the reply"),),
    repeatable=False,
    examples=("Tell me a joke.", "How was your day?"),
)

"""text2text-generation: rewrites a text as told. No embedded expert does it."""

from __future__ import annotations

from core.registry import Give, Take, TaskType
from core.types import Kind

TYPE = TaskType(
    name="text2text-generation",
    summary="Rewrite a text: rephrase it, correct it, change its style.",
    takes=(Take(name="text", kinds=(Kind.TEXT,), about="the text, with what to do to it"),),
    gives=(Give(name="text", kind=Kind.TEXT, about="the new text"),),
    examples=("Rephrase this more politely.", "Correct the grammar of this sentence."),
)

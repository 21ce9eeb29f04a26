"""text-generation: goes on writing where a text stops. No embedded expert does it."""

from __future__ import annotations

from core.registry import Give, Take, TaskType
from core.types import Kind

TYPE = TaskType(
    name="text-generation",
    summary="Write a text from a prompt: a story, a poem, a letter, the continuation of a text.",
    takes=(Take(name="text", kinds=(Kind.TEXT,), about="the prompt, or the beginning to continue"),),
    gives=(Give(name="text", kind=Kind.TEXT, about="the text written"),),
    repeatable=False,
    examples=("Write a short poem about the sea.", "Continue this story: It was a dark night."),
)

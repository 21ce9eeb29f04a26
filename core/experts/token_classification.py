"""token-classification: finds names of people, places and organisations in a text. No embedded expert does it."""

from __future__ import annotations

from core.registry import Give, Take, TaskType
from core.types import Kind

TYPE = TaskType(
    name="token-classification",
    summary="Find and label names in a text: people, places, organisations and the like.",
    takes=(Take(name="text", kinds=(Kind.TEXT,), about="the text to search"),),
    gives=(Give(name="entities", kind=Kind.TABLE, about="entity, word, score, start, end (in characters)"),),
    examples=("Which people and places does this text name?", "Find the named entities in this article."),
)

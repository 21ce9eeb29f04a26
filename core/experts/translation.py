"""translation: says a text in another language. No embedded expert does it."""

from __future__ import annotations

from core.registry import Give, Take, TaskType
from core.types import Kind

TYPE = TaskType(
    name="translation",
    summary="Translate a text into another language.",
    takes=(
        Take(name="text", kinds=(Kind.TEXT,), about="the text to translate"),
        Take(name="language", kinds=(Kind.TEXT,), about="target language, a name or an ISO 639 code"),
        Take(name="source", kinds=(Kind.TEXT,), about="language of the text; detected if not given", required=False),
    ),
    gives=(Give(name="text", kind=Kind.TEXT, about="the translation"),),
    examples=("Translate this into French.", "What is 'I love you' in Tamil?"),
)

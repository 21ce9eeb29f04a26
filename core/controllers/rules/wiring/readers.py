"""Who looks at a picture: text is wanted of a model that reads; others describe what a picture shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from core.controllers.rules.naming import READER
from core.controllers.rules.wishing.intent import Intent
from core.ports import Brief, Draft

_DESCRIBING = frozenset({"@describe", "@detail", "@count"})
_LINES = "line-reader"
"""The family of models that read single lines, and need more time for a page."""


def with_readers(brief: Brief, intents: Iterable[Intent], drafts: Sequence[Draft]) -> list[Draft]:
    """Return the drafts, with a model that reads wished for where a picture's text is wanted."""
    reader = _reader(brief)
    if reader is None or any(map(_describes, intents)):
        return list(drafts)
    why = "The text in the picture is wanted, and this model reads."
    return [replace(draft, model=reader, why=why) if draft.type == "image-to-text" else draft for draft in drafts]


def _describes(intent: Intent) -> bool:
    return intent.task in _DESCRIBING or intent.clause.has("DESCRIBE", "CAPTION")


def _reader(brief: Brief) -> str | None:
    """Return the model to read with, where there is a choice between reading and describing."""
    models = brief.models.get("image-to-text", ()) if brief.models is not None else ()
    readers = [model for model in models if READER.search(model.id)]
    if not readers or len(readers) == len(models):
        return None
    return min(readers, key=lambda model: model.family == _LINES).id

"""Which model knows what is asked: one that hears moods is no help with languages, though both classify sounds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from core.contract import Model
from core.controllers.rules.data.aspects import ASPECTS
from core.ports import Brief, Draft


def with_aspects(brief: Brief, text: str, drafts: Sequence[Draft]) -> list[Draft]:
    """Return the drafts of a request that says ``text``, with the models wished for that look at what is asked."""
    return [_wishing(brief, text, draft) for draft in drafts]


def _wishing(brief: Brief, text: str, draft: Draft) -> Draft:
    models = brief.models.get(draft.type, ()) if brief.models is not None else ()
    about = next((about for asked, about in ASPECTS.get(draft.type, ()) if _says(text, asked)), None)
    fitting = [model for model in models if about is not None and _says(model.about, about)]
    if not fitting or _usual(models) in fitting:
        return draft
    return replace(draft, model=_usual(fitting).id, why="It is made for what is asked; others of its kind are not.")


def _usual(models: Sequence[Model]) -> Model:
    return max(models, key=lambda model: model.downloads or 0)


def _says(text: str, pattern: str) -> bool:
    return re.search(rf"\b(?:{pattern})\b", text, re.IGNORECASE) is not None

"""The labels that a person gives to choose from."""

from __future__ import annotations

from collections.abc import Iterable

from core.errors import BadInput

MOST = 200
"""Labels of one job."""


def checked(labels: Iterable[str]) -> tuple[str, ...]:
    """Return the labels that hold any letter, each once. Raises BadInput where there is none, or too many."""
    tidy = (" ".join(label.split()) for label in labels)
    kept = tuple(dict.fromkeys(label for label in tidy if any(map(str.isalnum, label))))
    if not kept:
        raise BadInput("I need the labels to choose from, in words: cat, dog, bird.")
    if len(kept) > MOST:
        raise BadInput(f"These are {len(kept)} labels to choose from; I can tell up to {MOST} apart at once.")
    return kept

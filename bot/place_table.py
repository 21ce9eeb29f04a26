"""Where each task can run, as a table for the README."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from core.registry import Registry
from core.types import Place

HEAD = ("task", "embedded", "own devices", "hosted")


def table_of(registry: Registry) -> str:
    """Return a Markdown table: for each task type, how many models each place has for it."""
    lines = (HEAD, ("---",) * len(HEAD), *_rows(registry))
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _rows(registry: Registry) -> Iterator[tuple[str, ...]]:
    models = {(card.type.name, card.place, card.model.id) for card in registry.cards}
    counts = Counter((task, place) for task, place, _ in models)
    for name, type_ in registry.types.items():
        if not type_.internal:
            yield name, *(str(counts[name, place] or "") for place in (Place.EMBEDDED, Place.LOCAL, Place.REMOTE))

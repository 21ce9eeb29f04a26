"""Names of classes that people can read, and the labels that people give to choose from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from core.errors import BadInput

MOST = 200
"""Labels of one job."""

_UNNAMED = re.compile(r"label[_ ]?(\d+)", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*[,;\n]\s*(?:(?:and|or)\s+)?|\s+or\s+")


def choices(given: str | Iterable[str]) -> tuple[str, ...]:
    """Return the labels, also from one text that holds them all: "sport, politics or music"."""
    parts = [given] if isinstance(given, str) else list(given)
    return checked(_BETWEEN.split(parts[0]) if len(parts) == 1 else parts)


def checked(labels: Iterable[str]) -> tuple[str, ...]:
    """Return the labels that hold any letter, each once. Raises BadInput where there is none, or too many."""
    tidy = (" ".join(label.split()) for label in labels)
    kept = tuple(dict.fromkeys(label for label in tidy if any(map(str.isalnum, label))))
    if not kept:
        raise BadInput("I need the labels to choose from, in words: cat, dog, bird.")
    if len(kept) > MOST:
        raise BadInput(f"These are {len(kept)} labels to choose from; I can tell up to {MOST} apart at once.")
    return kept


def named(labels: Mapping[int, str], names: str = "") -> list[str]:
    """Return the names of classes 0, 1, 2 ... of a model.

    ``names``, divided by commas, are used where a model does not name its classes: they are called LABEL_0 and so on.
    """
    given = [name.strip() for name in names.split(",") if name.strip()]
    found = [str(labels[number]) for number in sorted(labels)]
    if len(given) == len(found):
        return given
    return [_UNNAMED.sub(r"class \1", name) for name in found]

"""Names of classes, and how sure a model is of each: rows that people can read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from core.errors import BadInput
from core.types import Json

MOST = 200  # labels to choose from

_UNNAMED = re.compile(r"label[_ ]?(\d+)", re.IGNORECASE)


def named(labels: Mapping[int, str], names: str = "") -> list[str]:
    """Return the names of classes 0, 1, 2 ... of a model.

    ``names``, divided by commas, are used where a model does not name its classes: they are called LABEL_0 and so on.
    """
    given = [name.strip() for name in names.split(",") if name.strip()]
    found = [str(labels[number]) for number in sorted(labels)]
    if len(given) == len(found):
        return given
    return [_UNNAMED.sub(r"class \1", name) for name in found]


def rows(labels: Sequence[str], scores: Sequence[float]) -> list[Json]:
    """Return rows of label and score (four digits), best first; of equal scores in the order given."""
    pairs = sorted(zip(labels, scores, strict=True), key=lambda pair: -pair[1])
    return [{"label": label, "score": round(float(score), 4)} for label, score in pairs]


def choices(given: str | Sequence[str]) -> list[str]:
    """Return the labels to choose from, each once, also from one text that holds them all: "sport, politics or music".

    Raises BadInput where there are none, or too many.
    """
    parts = [given] if isinstance(given, str) else [str(label) for label in given]
    if len(parts) == 1:
        parts = re.split(r"\s*[,;\n]\s*(?:(?:and|or)\s+)?|\s+or\s+", parts[0])
    found = list(dict.fromkeys(label for part in parts if (label := " ".join(part.split()).strip(" ,;"))))
    if not found:
        raise BadInput("I need the labels to choose from, like “sport, politics, music”.")
    if len(found) > MOST:
        raise BadInput(f"I choose among up to {MOST} labels; these are {len(found):,}.")
    return found

"""Turns objects that look like tasks into drafts: whatever a model calls the parts of a task, and forgets of it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from core.controllers.chat.bent import NAMES, loads, name_of
from core.controllers.chat.spelling import respelled
from core.ports import Draft
from core.types import Json

ARGS = ("args", "arguments", "parameters", "params", "inputs", "input")
ASIDE = frozenset({*NAMES, "id", "dep", "deps", "dependencies", "model", "reason", "why", "place"})
"""Keys of a task that are no arguments, where a model wrote the arguments beside them."""

WHY = 300  # characters kept of a reason
NUMBERS = 10**6  # ids above it are names


class Drafts:
    """The drafts of one reply: they share their ids."""

    def __init__(self) -> None:
        self._names: dict[str, int] = {}
        self._next = 0

    def draft(self, raw: Mapping[str, Json]) -> Draft:
        """Return the task that ``raw`` means."""
        number = self._number(raw.get("id"))
        args = {name: respelled(value, self._names) for name, value in _args(raw).items() if value is not None}
        model = raw.get("model")
        if isinstance(model, dict):
            model = model.get("id") or model.get("name")
        return Draft(
            id=number,
            type=name_of(raw),
            args=args,
            model=model.strip() if isinstance(model, str) and model.strip() else None,
            why=_words(raw.get("reason") or raw.get("why")),
        )

    def _number(self, written: Json) -> int:
        """Return the id as a number: the one written, the one in the name, else the next free one."""
        digits = re.search(r"\d+", str(written)) if not isinstance(written, bool | float) else None
        number = int(digits.group()) if digits and len(digits.group()) < 7 else self._next
        if isinstance(written, float) and 0 <= written < NUMBERS:
            number = int(written)
        if isinstance(written, str):
            self._names.setdefault(written.strip().lower(), number)
        self._next = max(self._next, number) + 1
        return number


def _args(raw: Mapping[str, Json]) -> dict[str, Json]:
    key = next((key for key in ARGS if key in raw), None)
    if key is None:
        return {name: value for name, value in raw.items() if name not in ASIDE}
    value = raw[key]
    if isinstance(value, str) and value.lstrip().startswith(("{", "[")):
        value = loads(value)
    return _paired(value)


def _paired(value: Json) -> dict[str, Json]:
    """Read arguments as an object, as a list of {"name", "value"}, or as a list of objects."""
    if isinstance(value, dict):
        return dict(value)
    found: dict[str, Json] = {}
    for part in value if isinstance(value, list) else ():
        if not isinstance(part, dict):
            continue
        pairs = {str(part["name"]): part["value"]} if part.keys() >= {"name", "value"} else part
        for name, one in pairs.items():
            known = found.get(name)
            found[name] = one if known is None else [*(known if isinstance(known, list) else [known]), one]
    return found


def _words(value: Json) -> str:
    return " ".join(value.split())[:WHY] if isinstance(value, str) else ""

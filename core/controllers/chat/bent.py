"""Reads JSON as models write it: bent in every way that still tells what was meant."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from core.types import Json

LONGEST = 100_000  # characters of one task
MENDED = 20_000  # characters; mending longer texts takes too long
DEEPEST = 30

NAMES = ("task", "task_type", "task_name", "tool", "type", "name")
"""Keys under which models write a task's type, the likeliest first."""

_ARGS = {"args", "arguments"}
"""Keys that make anything with a name a task; calls of tools have the second one."""

_LITERALS = re.compile(r'("(?:[^"\\]|\\.)*")|\b(?:(None|undefined|NaN)|(True)|(False))\b')


def loads(text: str) -> Json:
    """Return the value ``text`` holds, mended where it is not JSON; None where nothing can be made of it."""
    if len(text) > LONGEST or _too_deep(text):
        return None
    try:
        found: Json = json.loads(text, strict=False)
    except ValueError:
        return _mended(text) if len(text) <= MENDED else None
    return found


def _mended(text: str) -> Json:
    from json_repair import repair_json

    try:
        found: Any = repair_json(_LITERALS.sub(_literal, text), return_objects=True, skip_json_loads=True)
    except (ValueError, RecursionError, IndexError):
        return None
    return found if isinstance(found, dict | list) else None


def _literal(found: re.Match[str]) -> str:
    """Write Python's and JavaScript's words for nothing, yes and no as JSON does."""
    quoted, nothing, yes, _ = found.groups()
    return quoted or ("null" if nothing else "true" if yes else "false")


def _too_deep(text: str) -> bool:
    depth = deepest = 0
    for letter in re.findall(r"[\[\]{}]", text):
        depth += 1 if letter in "[{" else -1
        deepest = max(deepest, depth)
    return deepest > DEEPEST


def tasks_in(value: Json) -> Iterator[Mapping[str, Json]]:
    """Yield whatever looks like a task in ``value``, in order."""
    if isinstance(value, list):
        for part in value:
            yield from tasks_in(part)
    elif isinstance(value, dict):
        if name_of(value):
            yield value
        else:
            for part in value.values():
                if isinstance(part, dict | list):
                    yield from tasks_in(part)


def name_of(raw: Mapping[str, Json]) -> str:
    """Return the task type that ``raw`` names; empty where it names none."""
    for key in NAMES:
        name = raw.get(key)
        # Anything may have a name or a type; with arguments it is a task.
        if isinstance(name, str) and name.strip() and ((key.startswith("t") and key != "type") or raw.keys() & _ARGS):
            return name.strip()
    return ""

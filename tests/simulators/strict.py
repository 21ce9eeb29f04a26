"""What OpenAI demands of a schema for strict structured outputs, as far as ours could break it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

TYPES = {"string", "number", "boolean", "integer", "object", "array", "null"}
DEEPEST = 10
MOST_PROPERTIES = 5000
MOST_CHARS = 120_000  # of all names and enum values together


def complaint(shape: Mapping[str, Any]) -> str | None:
    """Return what is wrong with ``json_schema``; None where nothing is."""
    if not shape.get("name") or not shape.get("strict"):
        return "name and strict are needed"
    root = shape.get("schema", {})
    if root.get("type") != "object" or "anyOf" in root:
        return "the root must be an object and not use anyOf"
    count = [0, 0]
    return _wrong(root, 1, count)


def _wrong(schema: Mapping[str, Any], depth: int, count: list[int]) -> str | None:
    if depth > DEEPEST:
        return "nested too deep"
    if "anyOf" in schema:
        return next((wrong for one in schema["anyOf"] if (wrong := _wrong(one, depth + 1, count))), None)
    types = schema.get("type")
    if not set(types if isinstance(types, list) else [types]) <= TYPES:
        return f"type {types} is not known"
    count[1] += sum(len(str(value)) for value in schema.get("enum", ()))
    if types == "array":
        return _wrong(schema["items"], depth + 1, count) if "items" in schema else "array schema missing items"
    if types != "object":
        return None
    return _object(schema, depth, count)


def _object(schema: Mapping[str, Any], depth: int, count: list[int]) -> str | None:
    properties = schema.get("properties", {})
    if schema.get("additionalProperties") is not False:
        return "'additionalProperties' is required to be supplied and to be false."
    if set(schema.get("required", ())) != set(properties):
        return "'required' is required to be supplied and to be an array including every key in properties."
    count[0] += len(properties)
    count[1] += sum(map(len, properties))
    if count[0] > MOST_PROPERTIES or count[1] > MOST_CHARS:
        return "too large"
    return next((wrong for one in properties.values() if (wrong := _wrong(one, depth + 1, count))), None)

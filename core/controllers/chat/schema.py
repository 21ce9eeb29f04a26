"""The JSON schema of a plan, in the subset that strict decoding takes: every key required, none added.

Each task has the arguments of its type and no others, so that a model which is held to the schema cannot invent any.
Types that take the same arguments share a branch, which keeps the schema small.
"""

from __future__ import annotations

from collections.abc import Sequence

from core.contract import Take, TaskType
from core.types import Json, Kind


def schema(types: Sequence[TaskType]) -> dict[str, Json]:
    """Return the schema of a plan of tasks of ``types``; words come first, so that they stream at once."""
    properties: dict[str, Json] = {"reply": {"type": ["string", "null"]}}
    groups: dict[str, tuple[list[Json], dict[str, Json]]] = {}
    for type_ in sorted(types, key=lambda one: one.name):
        args: dict[str, Json] = {take.name: _value(take) for take in type_.takes}
        groups.setdefault(str(args), ([], args))[0].append(type_.name)
    if groups:
        branches: list[Json] = [_task(names, args) for names, args in groups.values()]
        properties["tasks"] = {"type": "array", "items": {"anyOf": branches}}
    return _object(properties)


def _task(names: list[Json], args: dict[str, Json]) -> dict[str, Json]:
    nullable: Json = {"type": ["string", "null"]}
    return _object(
        {
            "id": {"type": "integer"},
            "task": {"type": "string", "enum": names},
            "args": _object(args),
            "model": nullable,
            "reason": nullable,
        }
    )


def _value(take: Take) -> Json:
    """Return the schema of one argument. References are strings, so only plain numbers are numbers."""
    if take.many:
        return {"type": "array", "items": {"type": "string"}}
    kind = "number" if take.kinds == (Kind.NUMBER,) else "string"
    if take.choices:
        choices: list[Json] = [*take.choices, *(() if take.required else (None,))]
        return {"type": kind if take.required else [kind, "null"], "enum": choices}
    return {"type": kind if take.required else [kind, "null"]}


def _object(properties: dict[str, Json]) -> dict[str, Json]:
    names: list[Json] = [*properties]
    return {"type": "object", "properties": properties, "required": names, "additionalProperties": False}

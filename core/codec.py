"""The one serialiser: nouns and events to JSON and back. What it writes today it must read tomorrow."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar, get_args

from pydantic import TypeAdapter

from core import events
from core.types import Arg, ArtifactRef, Json, Ref, TaskRef

REFERENCE = re.compile(r"<(?P<what>resource|attachment)-(?P<number>\d+)(?:\.(?P<output>[\w-]+))?>")
"""How references are written: ``<resource-2>``, ``<resource-2.image>``, ``<attachment-0>``."""

_EVENTS = {event.__name__: event for event in get_args(events.Event)}

T = TypeVar("T")


@cache
def _adapter(cls: Any) -> TypeAdapter[Any]:
    return TypeAdapter(cls)


def dump(value: object) -> Json:
    """Return a noun as JSON data."""
    cls: Any = type(value)  # classes are hashable; mypy takes them for plain objects
    data: Json = _adapter(cls).dump_python(value, mode="json")
    return data


def load(cls: type[T], data: object) -> T:
    """Return the noun of type ``cls`` that :func:`dump` wrote as ``data``."""
    wanted: Any = cls
    noun: T = _adapter(wanted).validate_python(data)
    return noun


def dump_event(event: events.Event) -> dict[str, Json]:
    """Return an event as JSON data, its name under ``event``."""
    data = dump(event)
    assert isinstance(data, dict)  # noqa: S101 - events are dataclasses
    return {"event": type(event).__name__, **data}


def load_event(data: Mapping[str, Any]) -> events.Event:
    """Return the event that :func:`dump_event` wrote."""
    fields = dict(data)
    event: events.Event = load(_EVENTS[fields.pop("event")], fields)
    return event


def reference(text: str) -> Ref | None:
    """Return the reference that ``text`` as a whole is, or None."""
    found = REFERENCE.fullmatch(text.strip())
    if found is None:
        return None
    number = int(found["number"])
    return TaskRef(number, found["output"]) if found["what"] == "resource" else ArtifactRef(number)


def plain(arg: Arg) -> Json:
    """Return an argument as people and planners write it: references as ``<resource-ID>``."""
    if isinstance(arg, tuple):
        return [plain(part) for part in arg]
    return str(arg) if isinstance(arg, TaskRef | ArtifactRef) else arg

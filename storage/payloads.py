"""How nouns become rows: the JSON of their bodies, and the columns derived from them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TypeVar

from core import codec
from core.events import Event
from core.types import Artifact, Json, Output, Request, Turn

T = TypeVar("T")

TITLE_CHARS = 60

FILE = re.compile(r'"(?:sha256":"|address":"blob:)([0-9a-f]{64})"')
"""How a body refers to a file: as an artifact, or as an attachment that was uploaded here."""


def pack(noun: object) -> str:
    """Return the JSON text of a noun: ASCII only, so that every database takes it."""
    return json.dumps(codec.dump(noun), separators=(",", ":"))


def unpack(cls: type[T], body: str) -> T:
    """Return the noun that :func:`pack` wrote."""
    return codec.load(cls, json.loads(body))


def pack_event(event: Event) -> str:
    """Return the JSON text of an event."""
    return json.dumps(codec.dump_event(event), separators=(",", ":"))


def unpack_event(body: str) -> Event:
    """Return the event that :func:`pack_event` wrote."""
    return codec.load_event(json.loads(body))


def pack_outputs(outputs: Mapping[str, Artifact | Json]) -> str:
    """Return the JSON text of an expert's outputs."""
    return pack(dict(outputs))


def unpack_outputs(body: str) -> dict[str, Artifact | Json]:
    """Return the outputs that :func:`pack_outputs` wrote."""
    return unpack(dict[str, Output], body)


def files_in(*bodies: str) -> list[str]:
    """Return the files that bodies refer to, each once."""
    return list(dict.fromkeys(name for body in bodies for name in FILE.findall(body)))


def owner_of(request: Request) -> str:
    """Return whose request it is, as far as fairness goes: a name is its owner's on one platform only."""
    return f"{request.origin.platform}/{request.origin.workspace}/{request.author.id}"


def first_turn(request: Request) -> Turn:
    """Return the line a request adds to its conversation, before its files are here."""
    name = request.author.name or request.author.id
    return Turn(request=request.id, role="user", author=name, text=request.text, at=request.accepted_at)


def title_of(text: str) -> str:
    """Return the first words of a text on one line, or nothing."""
    line = " ".join("".join(char if char.isprintable() else " " for char in text[: 10 * TITLE_CHARS]).split())
    return line if len(line) <= TITLE_CHARS else line[: TITLE_CHARS - 1].rstrip() + "…"

"""Data and files of an expert in a form that everybody in the house can take, whoever wrote the expert."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from core.characters import broken, whole
from core.types import Json, Media, Value

MOST = 1_000_000
"""Values in one output: numbers, words, lists. Millions would hold everybody up whenever they are written or shown."""

DEEPEST = 32
"""Lists in lists in lists."""

_BITS = 1000  # of a whole number: with more than 1023 it is no float any more, and cannot be shown as one
_MIME = re.compile(r"[\w.+-]{1,100}/[\w.+-]{1,100}", re.ASCII)


class Unsound(Exception):
    """Data that nobody can take; the message says why, for the log."""


def sound(value: Value) -> Value:
    """Return a value with whole characters, files with a name and a type that can be sent along. Raises Unsound."""
    match value:
        case Media():
            return _file(value)
        case [Media(), *_]:
            return [_file(part) for part in value if isinstance(part, Media)]
        case _:
            return _mended(value) if _look(value) else value  # type: ignore[arg-type] # it has no files


def _file(file: Media) -> Media:
    mime = file.mime if _MIME.fullmatch(file.mime) else "application/octet-stream"
    return replace(file, mime=mime, name=whole(file.name))


def _look(value: object) -> bool:
    """Look at data, level by level; returns whether it holds halves of characters. Raises Unsound."""
    level, seen, halves = [value], 0, False
    for _ in range(DEEPEST):
        if (seen := seen + len(level)) > MOST:
            raise Unsound(f"more than {MOST:,} values")
        halves = halves or any(isinstance(one, str) and broken(one) for one in level)
        if not all(map(_is_number_or_else, level)):
            raise Unsound("a number that none can show")
        if not (level := list(_below(level))):
            return halves
    raise Unsound(f"more than {DEEPEST} lists in each other")


def _is_number_or_else(one: object) -> bool:
    if isinstance(one, float):
        return math.isfinite(one)
    return not isinstance(one, int) or one.bit_length() <= _BITS


def _below(level: Sequence[object]) -> Iterator[object]:
    for one in level:
        if isinstance(one, list):
            yield from one
        elif isinstance(one, dict):
            yield from one
            yield from one.values()


def _mended(value: Json) -> Json:
    match value:
        case str():
            return whole(value)
        case list():
            return [_mended(part) for part in value]
        case dict():
            return {whole(name): _mended(part) for name, part in value.items()}
        case _:
            return value

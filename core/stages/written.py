"""What a controller wrote as an argument, split into literals and references."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from core.codec import REFERENCE, reference
from core.errors import BadInput
from core.types import Json, Ref, Scalar

_BETWEEN = re.compile(r"(?:[\s,;&+]|\band\b)*", re.IGNORECASE)
"""What stands between references that are just listed."""


def references_in(value: Json | Mapping[str, Json]) -> Iterator[Ref]:
    """Yield every reference in ``value``, however deep."""
    match value:
        case str():
            yield from (ref for found in REFERENCE.finditer(value) if (ref := reference(found.group())))
        case Mapping():
            for part in value.values():
                yield from references_in(part)
        case list():
            for part in value:
                yield from references_in(part)
        case _:
            return


def parts(value: Json) -> list[Scalar | Ref]:
    """Split a value into literals and references, in order. Raises BadInput for what is neither.

    A list of references in words ("<resource-0>, <resource-1> and <resource-2>") loses its words; a text that speaks
    around references keeps them. None and empty texts are nothing.
    """
    match value:
        case None | "":
            return []
        case list():
            return [part for item in value for part in parts(item)]
        case dict():
            raise BadInput("An argument must be text, a number, a reference or a list of these.")
        case str():
            return _split(value)
        case _:
            return [value]


def _split(text: str) -> list[Scalar | Ref]:
    pieces: list[Scalar | Ref] = []
    end = 0
    for found in REFERENCE.finditer(text):
        ref = reference(found.group())
        pieces += [piece for piece in (text[end : found.start()], ref) if piece]
        end = found.end()
    pieces += [text[end:]] if text[end:] else []
    if end and all(not isinstance(piece, str) or _BETWEEN.fullmatch(piece) for piece in pieces):
        return [piece for piece in pieces if not isinstance(piece, str)]
    return pieces

"""Names in a text, put together from what a model says about its tokens."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from core.types import Json

OUTSIDE = "O"
_PREFIX = re.compile(r"([BIELSU])[-_](.+)")
_BEGINS = "BSU"  # begin, single, unit
_ENDS = "ELSU"  # end, last, single, unit


@dataclass(frozen=True, slots=True)
class Tag:
    """What a model says about the token that stands from ``start`` to ``end``, in characters."""

    start: int
    end: int
    label: str
    score: float


def entities(text: str, tags: Iterable[Tag], threshold: float = 0.0) -> list[Json]:
    """Return rows of entity, word, score, start and end, in the order of the text.

    ``tags`` are in that order too. Labels are of the schemes IO, BIO, BIOES and BILOU, or types without a prefix.
    """
    rows: list[Json] = []
    for kind, group in _groups(_words(text, tags)):
        score = sum(tag.score for tag in group) / len(group)
        start, end = group[0].start, group[-1].end
        if score >= threshold:
            rows.append({"entity": kind, "word": text[start:end], "score": round(score, 4), "start": start, "end": end})
    return rows


def _words(text: str, tags: Iterable[Tag]) -> list[Tag]:
    """Put the tokens of a word together. The first one speaks for it: that is what most models are trained for."""
    words: list[Tag] = []
    for tag in tags:
        piece = text[tag.start : tag.end]
        start = tag.start + len(piece) - len(piece.lstrip())
        end = start + len(piece.strip())
        if start == end:
            continue
        last = words[-1] if words else None
        if last and last.end >= start and text[start].isalnum() and text[last.end - 1].isalnum():
            words[-1] = Tag(last.start, max(end, last.end), last.label, last.score)
        else:
            words.append(Tag(start, end, tag.label, tag.score))
    return words


def _groups(words: Sequence[Tag]) -> Iterator[tuple[str, list[Tag]]]:
    """Yield the type of each entity with its words."""
    kind, group, ended = OUTSIDE, list[Tag](), False
    for word in words:
        match = _PREFIX.fullmatch(word.label)
        place, own = match.groups() if match else ("", word.label)
        if group and (ended or own != kind or place in tuple(_BEGINS)):
            yield kind, group
            group = []
        if own != OUTSIDE:
            kind, ended = own, place in tuple(_ENDS)
            group.append(word)
    if group:
        yield kind, group

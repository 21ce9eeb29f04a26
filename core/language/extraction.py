"""Answers that a model points out in a text: from how likely each token begins or ends one to words and sentences."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

LONGEST = 30  # tokens of an answer
WORD = 30  # characters that may be missing of a word
STARTS = 20  # likeliest first tokens that are looked at in each window


@dataclass(frozen=True, slots=True)
class Read:
    """A window of the text: where its tokens stand, and how much each speaks for beginning or ending the answer.

    ``inside`` tells which tokens are the text's own; ``nothing`` is the place that stands for no answer.
    """

    offsets: Sequence[tuple[int, int]]
    inside: Sequence[bool]
    starts: Sequence[float]
    ends: Sequence[float]
    nothing: int | None


@dataclass(frozen=True, slots=True)
class Span:
    """Characters ``start`` to ``end`` of the text, with a score from 0 to 1."""

    start: int
    end: int
    score: float


def found(text: str, windows: Sequence[Read], most: int) -> list[Span]:
    """Return the likeliest answers in whole words, best first; none where all windows rather say that there is none."""
    best: dict[tuple[int, int], float] = {}
    nothing = 1.0
    for window in windows:
        starts, ends = _likely(window.starts, window), _likely(window.ends, window)
        nothing = min(nothing, 0.0 if window.nothing is None else starts[window.nothing] * ends[window.nothing])
        for span in _spans(window, starts, ends):
            place = (span.start, span.end)
            best[place] = max(best.get(place, 0.0), span.score)
    likeliest = heapq.nlargest(most * 2, best, key=lambda place: best[place])
    if not likeliest or best[likeliest[0]] < nothing:
        return []
    whole: dict[tuple[int, int], Span] = {}
    for place in likeliest:
        words = _whole_words(text, *place)
        whole.setdefault(words, Span(*words, best[place]))
    return list(whole.values())[:most]


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave out blanks around the span, and add what is missing of its first and last word."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    first, last = max(0, start - WORD), min(len(text), end + WORD)
    while start > first and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < last and text[end].isalnum() and text[end - 1].isalnum():
        end += 1
    return start, end


def _likely(logits: Sequence[float], window: Read) -> list[float]:
    """Turn logits into probabilities among the text's own tokens and the one that stands for nothing."""
    allowed = [own or number == window.nothing for number, own in enumerate(window.inside)]
    top = max((value for value, fits in zip(logits, allowed, strict=True) if fits), default=0.0)
    raised = [math.exp(value - top) if fits else 0.0 for value, fits in zip(logits, allowed, strict=True)]
    whole = sum(raised) or 1.0
    return [value / whole for value in raised]


def _spans(window: Read, starts: Sequence[float], ends: Sequence[float]) -> Iterator[Span]:
    own = [number for number, inside in enumerate(window.inside) if inside]
    for first in sorted(own, key=lambda number: -starts[number])[:STARTS]:
        for last in range(first, min(first + LONGEST, own[-1] + 1)):
            start, end = window.offsets[first][0], window.offsets[last][1]
            if end > start:
                yield Span(start, end, starts[first] * ends[last])

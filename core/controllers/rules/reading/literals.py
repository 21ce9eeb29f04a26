"""Finds the texts inside a request that are to be worked on, not obeyed: quotes, what follows a colon, paragraphs."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from core.controllers.rules.reading.told import announced, tails

_PAIRS = {'"': '"', "“": "”", "„": "“", "«": "»", "'": "'", "‘": "’", "`": "`", "「": "」"}

_CLOSERS = frozenset(_PAIRS.values())

_ESSAY = 1_500
"""Characters from which a message without line breaks holds a pasted text between its first and last sentence."""

_WISH = 300
"""Characters at most of a sentence that says what to do with a pasted text."""

_WISHES = re.compile(
    r"\s*(?:hi|hello|hey|please|kindly|i (?:have|want|need|would|am)|i'd|i've|can you"
    r"|could you|given|help|first|step)\b",
    re.IGNORECASE,
)
"""How a paragraph that wishes for something begins."""

_STOP = re.compile(r"[.!?:]\s")

_LONG = 160
"""Characters from which a paragraph of its own is a text to work on."""


def literals(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, text without its marks) of every literal, in order, never overlapping."""
    done = 0
    spans = sorted([*announced(text), *_quotes(text), *_paragraphs(text)])
    for start, end, inner in spans:
        if start < done:
            continue
        for tail in tails(text, done, start, quote=True):
            yield tail
            done = tail[1]
        if start >= done:
            yield start, end, inner
            done = end
    yield from tails(text, done, len(text))


def _quotes(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield quoted texts. An apostrophe is no mark: a quote opens after a space and closes before one."""
    closings = {
        mark: [at for at, letter in enumerate(text) if letter == mark and _closes(text, at)] for mark in _CLOSERS
    }
    done = 0
    for at, letter in enumerate(text[:-1]):
        if at < done or letter not in _PAIRS or text[at + 1].isspace() or (at and text[at - 1].isalnum()):
            continue
        ends = closings[_PAIRS[letter]]
        place = bisect_right(ends, at + 1)
        if place < len(ends):
            done = ends[place] + 1
            inner = text[at + 1 : done - 1].strip()
            if not re.fullmatch(r"\S{1,80}\.\w{2,4}", inner):  # a file name in quotes is a file name
                yield at, done, inner


def _closes(text: str, at: int) -> bool:
    return not text[at + 1 : at + 2].isalnum() and at > 0 and (text[at] not in "'’" or not text[at - 1].isspace())


def _paragraphs(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield long paragraphs beside a short one."""
    found = [line for line in re.finditer(r"[^\n]+", text) if line.group().strip()]
    long = [line for line in found if len(line.group()) >= _LONG and not _WISHES.match(line.group())]
    if len(long) < len(found) and long:
        start, end = long[0].start(), long[-1].end()
        yield start, end, text[start:end].strip()
    elif len(found) == 1 and len(text) > _ESSAY and not _told_first(text):
        start, end = _middle(text)
        if start < end:
            yield start, end, text[start:end].strip()


def _told_first(text: str) -> bool:
    """Whether the first sentence ends in a colon behind which the text stands: to its end, whatever that says."""
    first = _STOP.search(text[:_WISH])
    told = next(tails(text, 0, len(text)), None)
    return first is not None and told is not None and told[0] == first.start() + 1


def _middle(text: str) -> tuple[int, int]:
    """Return the span between the first and the last sentence, where these are short enough to be a wish."""
    first = _STOP.search(text[:_WISH])
    last = re.search(r"[.!?]\s+[^.!?]*[.!?]?\s*$", text[-_WISH:])
    start = first.end() if first else 0
    end = len(text) - _WISH + last.start() + 1 if last else len(text)
    return (start, end) if first or last else (_WISH, len(text))

"""Finds the texts inside a request that are to be worked on, not obeyed: quotes, what follows a colon, paragraphs."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

_PAIRS = {'"': '"', "“": "”", "„": "“", "«": "»", "'": "'", "‘": "’", "`": "`", "「": "」"}
_CLOSERS = frozenset(_PAIRS.values())
_LONG = 160
"""Characters from which a paragraph of its own is a text to work on."""

_TEXTUAL = re.compile(
    r"\b(?:text|sentence|paragraph|passage|words?|phrase|article|quote|message|tweet|review|comment|e?mail|question|query"
    r"|statement|story|poem|context|feedback|caption|title|description|prompt|line|lines|aloud|loud|says?|speech|this"
    r"|following|of|say|read|speak|pronounce|summari[sz]e|translate|transcript|tl;dr|tldr|sentiment|document|topic|input"
    r"|paraphrase|it|about|mood|tone|negative|positive|shorten|content|news|post|reply|answer|that|me|out|voice)\s*$",
    re.IGNORECASE,
)
_ORDERS = re.compile(
    r"\s*(?:\(?\d+[.)]|(?:please |first,? )?(?:transcribe|summari[sz]e|extract|convert|generate|create|classify|detect|translate"
    r"|read|find|make|turn|describe|identify|segment|estimate|edit|draw|write)\b.*(?:\band\b|,|;|\bthen\b))",
    re.IGNORECASE,
)
_SURELY = re.compile(r"\b(?:text|sentence|question|paragraph|article)\s*$", re.IGNORECASE)
_COLON = re.compile(r":\s+(?=\S)")
_LABEL = re.compile(r"(?:^|[\s.!?])(?:question|query|text|context|passage|q|title|document)\s*:", re.IGNORECASE)
_MEDIA = re.compile(r"[\"“„«'‘`]|\S{1,80}\.\w{2,4}\b|https?://")


def literals(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, text without its marks) of every literal, in order, never overlapping."""
    done = 0
    spans = sorted([*_quotes(text), *_paragraphs(text)])
    for start, end, inner in spans:
        if start < done:
            continue
        for tail in _tails(text, done, start):
            yield tail
            done = tail[1]
        if start >= done:
            yield start, end, inner
            done = end
    yield from _tails(text, done, len(text))


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
    if not any(len(line.group()) < _LONG for line in found):
        return
    start = end = -1
    for line in found:
        if len(line.group()) >= _LONG:
            start, end = (line.start() if start < 0 else start), line.end()
    if start >= 0:
        yield start, end, text[start:end].strip()


def _tails(text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """Yield what follows a colon after a word such as "text" or "question"."""
    done = start
    for colon in _COLON.finditer(text, start, end):
        at = colon.start()
        if at < done or not _introduces(text, max(done, at - 40), at, colon.end()):
            continue
        stop = _LABEL.search(text, at + 1, end)
        done = stop.start() + 1 if stop else end
        yield at + 1, done, text[at + 1 : done].strip()


def _introduces(text: str, start: int, colon: int, after: int) -> bool:
    """Whether a colon introduces a text rather than orders or a file."""
    before = text[start:colon]
    if _MEDIA.match(text, after) or not _TEXTUAL.search(before):
        return False
    return bool(_SURELY.search(before)) or not _ORDERS.match(text[after : after + 300])

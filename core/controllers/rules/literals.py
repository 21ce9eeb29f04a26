"""Finds the texts inside a request that are to be worked on, not obeyed: quotes, what follows a colon, paragraphs."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

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

_LONG = 160
"""Characters from which a paragraph of its own is a text to work on."""

_CALLS = re.compile(
    r"(?:^|[.!?\n]\s*)(?:(?:hi|hello|hey|dear)[\s,\w]{0,12}|(?:jarvis|ok|okay|note|ps|please|steps?|tasks?|to-?do|plan"
    r"|example|first|then|next))\s*$"
    r"|\b(?:image|file|photo|audio|picture|video|attachment|attached|recording|steps|things|tasks|actions|called|named"
    r"|urls?|links?|format|language|position|colou?r|both)\s*$|\d\s*$",
    re.IGNORECASE,
)
"""What stands before a colon that introduces no text."""

_ORDERS = re.compile(
    r"\s*(?:\(?\d+[.)]|(?:please |first,? )?(?:transcribe|summari[sz]e|extract|convert|generate|create|classify"
    r"|detect|translate|read|find|make|turn|describe|identify|segment|estimate|edit|draw|write|put|add|say|tell|blur|rotate|crop|answer)\b)",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"(?:who|what|when|where|why|how|which|whose|is|are|was|were|do|does|did|can|could)\b[^.!\n]*\?\s*$", re.IGNORECASE
)
"""A question that ends the message."""

_SURELY = re.compile(
    r"\b(?:text|sentence|paragraph|passage|words?|phrase|article|quote|message|tweet|review|comment|e?mail|question|query"
    r"|statement|story|context|feedback|caption|title|description|prompt|aloud|loud|says?|read|speak|pronounce|announce"
    r"|translate|summari[sz]e|following (?:text|sentence|words?)"
    r"|text (?:on|over|onto) (?:the |this |my )?(?:image|picture|photo))\s*$",
    re.IGNORECASE,
)
_ANNOUNCES = re.compile(
    r"\bfollowing (?:\w+ ){0,2}?(?:text|sentence|paragraph|passage|words?|phrase|article|message|tweet|review|comment"
    r"|e?mail|statement|story|feedback|quote)(?P<mark>[.:])\s+(?=\S)",
    re.IGNORECASE,
)
"""What surely stands before a text. Quotation marks in that text belong to it."""

_COLON = re.compile(r":\s+(?=\S)")
_LABEL = re.compile(r"(?:^|[\s.!?])(?:question|query|text|context|passage|q|title|document)\s*:", re.IGNORECASE)
_CLOSING = re.compile(
    r"[.!?\"]\s+(?:please|can you|could you|would you|now|then|kindly|summari[sz]e|read|say|translate|classify)\b[^.!?\n]{0,80}[.!?]?\s*$",
    re.IGNORECASE,
)
_MEDIA = re.compile(r"[\"“„«'‘`]|\S{1,80}\.\w{2,4}\b|https?://")


def literals(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, text without its marks) of every literal, in order, never overlapping."""
    done = 0
    spans = sorted([*_announced(text), *_quotes(text), *_paragraphs(text)])
    for start, end, inner in spans:
        if start < done:
            continue
        for tail in _tails(text, done, start, quote=True):
            yield tail
            done = tail[1]
        if start >= done:
            yield start, end, inner
            done = end
    yield from _tails(text, done, len(text))


def _announced(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield what stands behind "the following review." or "the following text:", to the end or the next label."""
    done = 0
    for mark in _ANNOUNCES.finditer(text):
        at = mark.end()
        if mark.start() < done or _MEDIA.match(text, at) or _ORDERS.match(text, at) or not text[at:].strip():
            continue
        stop = _LABEL.search(text, at)
        done = stop.start() + 1 if stop else len(text)
        yield mark.start("mark") + 1, done, text[at:done].strip()


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
    elif len(found) == 1 and len(text) > _ESSAY:
        start, end = _middle(text)
        if start < end:
            yield start, end, text[start:end].strip()


def _middle(text: str) -> tuple[int, int]:
    """Return the span between the first and the last sentence, where these are short enough to be a wish."""
    first = re.search(r"[.!?:]\s", text[:_WISH])
    last = re.search(r"[.!?]\s+[^.!?]*[.!?]?\s*$", text[-_WISH:])
    start = first.end() if first else 0
    end = len(text) - _WISH + last.start() + 1 if last else len(text)
    return (start, end) if first or last else (_WISH, len(text))


def _tails(text: str, start: int, end: int, *, quote: bool = False) -> Iterator[tuple[int, int, str]]:
    """Yield what follows a colon where it is neither an order nor a file; before a ``quote``, what is surely a text."""
    done = start
    for colon in _COLON.finditer(text, start, end):
        at = colon.start()
        if at < done or not _introduces(text, max(done, at - 40), at, colon.end()):
            continue
        stop = _LABEL.search(text, at + 1, end)
        if quote and not stop and not _SURELY.search(text[max(done, at - 40) : at]):
            continue
        done = stop.start() + 1 if stop else _closing(text, at + 1, end)
        yield at + 1, done, text[at + 1 : done].strip()


def _closing(text: str, start: int, end: int) -> int:
    """Return where the last sentence of a told text is an order again: "Here is a text: ... Please summarise it."."""
    found = _CLOSING.search(text, max(start, end - 120), end) if end == len(text) else None
    return found.start() + 1 if found else end


def _introduces(text: str, start: int, colon: int, after: int) -> bool:
    """Whether a colon introduces a text rather than orders or a file."""
    before = text[start:colon]
    if _MEDIA.match(text, after):
        return False
    if _SURELY.search(before):
        return True
    if _CALLS.search(before):
        return False
    rest = text[after : after + 300]
    return not _ORDERS.match(rest) and not _ASKS.match(rest)

"""Texts that follow a colon, or "the following review.": they are worked on, not obeyed."""

from __future__ import annotations

import re
from collections.abc import Iterator

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
    r"|translate\b[^.!?\n]{0,30}|summari[sz]e|following (?:text|sentence|words?)"
    r"|text (?:on|over|onto) (?:the |this |my )?(?:image|picture|photo))\s*$",
    re.IGNORECASE,
)

_ANNOUNCES = re.compile(
    r"(?:\bfollowing (?:\w+ ){0,2}?(?:text|sentence|paragraph|passage|words?|phrase|article|message|tweet|review"
    r"|comment|e?mail|statement|story|feedback|quote)(?=[.:])|(?:^|[\n.!?]\s*)(?:text|context|passage)(?=:))"
    r"(?P<mark>[.:])\s+(?=\S)",
    re.IGNORECASE,
)
"""What surely stands before a text. Quotation marks in that text belong to it."""

_COLON = re.compile(r":\s+(?=\S)")

_LABEL = re.compile(r"(?:^|[\s.!?])(?:question|query|text|context|passage|q|title|document)\s*:", re.IGNORECASE)

_CLOSING = re.compile(
    r"[.!?\"]\s+(?:please|can you|could you|would you|now|then|kindly|summari[sz]e|read|say|translate|classify)\b"
    r"[^.!?\n]{0,80}[.!?]?\s*$",
    re.IGNORECASE,
)

_MEDIA = re.compile(r"(?:mp[34]|wav|ogg|flac|m4a|webm|gif)\b|[\"“„«'‘`]|\S{1,80}\.\w{2,4}\b|https?://")


def announced(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield what stands behind "the following review." or "the following text:", to the end or the next label."""
    done = 0
    for mark in _ANNOUNCES.finditer(text):
        at = mark.end()
        if mark.start() < done or _MEDIA.match(text, at) or _ORDERS.match(text, at) or not text[at:].strip():
            continue
        stop = _LABEL.search(text, at)
        done = stop.start() + 1 if stop else _closing(text, at, len(text))
        yield mark.start("mark") + 1, done, text[at:done].strip()


def tails(text: str, start: int, end: int, *, quote: bool = False) -> Iterator[tuple[int, int, str]]:
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

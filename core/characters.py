"""Halves of characters: JSON, Python and JavaScript have texts with some, UTF-8 and whatever is sent in it has not."""

from __future__ import annotations

import re

_HALF = re.compile("[\ud800-\udfff]")


def broken(text: str) -> bool:
    """Whether a text holds half a character."""
    return not text.isascii() and _HALF.search(text) is not None


def whole(text: str) -> str:
    """Return a text without halves: two that belong together are joined, others become the replacement character."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if broken(text) else text

"""Links that a person typed into a message."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from core.types import Attachment

_LINK = re.compile(r"https?://[^\s<>\"'`\\^{}|]+", re.IGNORECASE)
_CLOSING = {")": "(", "]": "["}


def links_in(text: str) -> tuple[str, ...]:
    """Return the http and https addresses in ``text``, each once, without the punctuation of the sentence."""
    return tuple(dict.fromkeys(link for _, link in parted(text) if link))


def parted(text: str) -> Iterator[tuple[str, str]]:
    """Yield ``text`` in pieces: words, and the address that follows them; after the last words there is none."""
    start = 0
    for found in _LINK.finditer(text):
        link = _trimmed(found.group())
        yield text[start : found.start()], link
        start = found.start() + len(link)
    yield text[start:], ""


def promise(url: str) -> Attachment:
    """Return the file behind a link as an attachment, named after the last part of its path."""
    parts = urlsplit(url)
    return Attachment(name=unquote(parts.path.rstrip("/").rpartition("/")[2]) or parts.netloc or url, address=url)


def _trimmed(link: str) -> str:
    while link:
        last = link[-1]
        unopened = last in _CLOSING and link.count(last) > link.count(_CLOSING[last])
        if last not in ".,;:!?*_~" and not unopened:
            break
        link = link[:-1]
    return link

"""Where sentences end. sentencex knows the rules of some 300 languages and needs linear time."""

from __future__ import annotations

import re
from collections.abc import Iterator

LONGEST = 1_000  # characters; what runs longer without an end is cut between words
_PARAGRAPH_END = re.compile(r"\n\s*\n")
_LINE_END = re.compile(r"\s*\n\s*")
_PIECE = re.compile(rf"\S.{{0,{LONGEST - 1}}}(?!\S)|\S{{1,{LONGEST}}}", re.DOTALL)


def paragraphs(text: str) -> list[str]:
    """Split at empty lines; the lines of a paragraph stay as they are."""
    return [part.strip() for part in _PARAGRAPH_END.split(text) if part.strip()]


def sentences(text: str, language: str = "en") -> list[str]:
    """Split ``text`` into sentences in ``language`` (ISO 639-1), without surrounding blanks, none empty.

    A sentence ends with its paragraph at the latest. Line breaks within a paragraph count as blanks.
    """
    from sentencex import segment

    found: list[str] = []
    for paragraph in paragraphs(text):
        for sentence in segment(language, _LINE_END.sub(" ", paragraph)):
            found.extend(_pieces(sentence))
    return found


def _pieces(sentence: str) -> Iterator[str]:
    if len(sentence) <= LONGEST:
        yield from filter(None, [sentence.strip()])
        return
    for piece in _PIECE.finditer(sentence):
        yield piece.group().strip()

"""Where sentences end. sentencex knows the rules of some 300 languages and needs linear time."""

from __future__ import annotations

import re
from collections.abc import Iterator

LONGEST = 1_000  # characters; what runs longer without an end is cut between words
_PARAGRAPH_END = re.compile(r"\n\s*\n")
_LINE_END = re.compile(r"\s*\n\s*")


def paragraphs(text: str) -> list[str]:
    """Split at empty lines; the lines of a paragraph stay as they are."""
    return [part.strip() for part in _PARAGRAPH_END.split(text) if part.strip()]


def sentences(text: str, language: str = "en", longest: int = LONGEST) -> list[str]:
    """Split ``text`` into sentences in ``language`` (ISO 639-1), without surrounding blanks, none empty.

    A sentence ends with its paragraph at the latest; one of more than ``longest`` characters is cut between words.
    Line breaks within a paragraph count as blanks.
    """
    from sentencex import segment

    found: list[str] = []
    for paragraph in paragraphs(text):
        for sentence in segment(language, _LINE_END.sub(" ", paragraph)):
            found.extend(_pieces(sentence, longest))
    return found


def around(text: str, start: int, end: int, language: str = "en") -> str:
    """Return the sentences that hold the characters from ``start`` to ``end``, LONGEST characters at most."""
    from sentencex import segment

    breaks = [(0, 0), *(found.span() for found in _PARAGRAPH_END.finditer(text)), (len(text), len(text))]
    first = max(after for _, after in breaks if after <= start)
    last = min(before for before, _ in breaks if before >= end)
    at, held = first, []
    for sentence in segment(language, text[first:last]):
        at = max(at, text.find(sentence, at))
        if at < end and at + len(sentence) > start:
            held.append((at, at + len(sentence)))
        at += len(sentence)
    begin, finish = (held[0][0], held[-1][1]) if held else (start, end)
    if finish - begin > LONGEST:
        begin = max(begin, start - LONGEST // 4)
        finish = min(finish, begin + LONGEST)
    return " ".join(text[begin:finish].split())


def _pieces(sentence: str, longest: int) -> Iterator[str]:
    if len(sentence) <= longest:
        yield from filter(None, [sentence.strip()])
        return
    for piece in re.finditer(rf"\S.{{0,{longest - 1}}}(?!\S)|\S{{1,{longest}}}", sentence, re.DOTALL):
        yield piece.group().strip()

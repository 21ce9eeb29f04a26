"""A request's text as words that carry concepts; quoted texts, file names and addresses are taken out of it whole."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from core.controllers.rules.reading.glossing import Gloss, gloss_for, glossed
from core.controllers.rules.reading.literals import literals
from core.controllers.rules.reading.vocabulary import meaning, vocabulary
from core.controllers.rules.reading.word import Word
from core.media.sniff import FORMATS
from core.types import Kind

PLAIN = 4_000
"""Characters read as instructions. What is longer is a text to work on."""

MOST = 40
"""Quoted texts and the like that are told apart in one request."""

_FILE = (
    r"[\w\-]{1,80}\.(?:jpe?g|png|gif|bmp|tiff?|webp|heic|svg|pdf|txt|md|csv|docx?|"
    r"wav|mp3|ogg|opus|flac|m4a|m4b|aac|aiff?|amr|caf|wma|mp4|mov|avi|mkv|webm|m4v|wmv|flv|mpe?g|m2ts|3gp)\b"
)

_MARKS = frozenset("'\"`‘’“”«»„")

_TOKEN = re.compile(
    rf"(?P<url>https?://\S{{1,2000}})|(?P<file>{_FILE})|(?P<number>(?!\d+(?:st|nd|rd|th)\b)\d+(?:[.,:x×]\d+)*[°%]?)"
    r"|(?P<arrow>[-=]+>|→|⇒)|(?P<pair>[a-z]{3,6}2[a-z]{3,6}\b)|(?P<word>tl;dr|\d+(?:st|nd|rd|th)\b|[^\W\d_]\w*(?:['’\-/&][^\W\d_]\w*)*)|(?P<mark>\S)",
    re.IGNORECASE,
)


def read(text: str) -> list[Word]:
    """Return the words of ``text``, phrases of the vocabulary joined to one word."""
    words: list[Word] = []
    at, left = 0, PLAIN
    spans = [*islice(literals(text), MOST), (len(text), len(text), "")]
    gloss = gloss_for(_between(text, spans))
    for start, end, inner in spans:
        stop = min(start, at + left)
        words.extend(_words(text, at, stop, gloss))
        left -= max(stop - at, 0)
        if stop < start and text[stop:start].strip():
            words.append(_quote(text[stop:start].strip(), stop, start))
        if inner:
            words.append(_quote(inner, start, end))
        at = end
    return list(_phrases(words))


def _between(text: str, spans: Sequence[tuple[int, int, str]]) -> str:
    """Return what stands beside the quoted texts, as far as it is read."""
    ends = (0, *(end for _, end, _ in spans))
    return " ".join(text[end:start] for end, (start, _, _) in zip(ends, spans, strict=False))[:PLAIN]


def _quote(inner: str, start: int, end: int) -> Word:
    return Word(inner, start, end, "quote", frozenset({"QUOTE"}))


def _words(text: str, start: int, end: int, gloss: Gloss) -> Iterator[Word]:
    for found in _TOKEN.finditer(text, start, end):
        kind = found.lastgroup or "mark"
        if found.group() in _MARKS:
            continue  # left over around a file name
        if kind == "pair":
            yield from _pair(found.group(), found.start())
        else:
            texts = glossed(found.group(), gloss) if kind == "word" else (found.group(),)
            yield from (_word(one, found.start(), found.end(), kind) for one in texts)


def _pair(text: str, start: int) -> Iterator[Word]:
    """Yield "vid2gif" as three words, where both sides mean something."""
    before, after = text.split("2", 1)
    middle = start + len(before)
    if vocabulary().words.keys() >= {before.lower(), after.lower()}:
        yield _word(before, start, middle, "word")
        yield _word("2", middle, middle + 1, "arrow")
        yield _word(after, middle + 1, start + len(text), "word")
    else:
        yield _word(text, start, start + len(text), "word")


def _word(text: str, start: int, end: int, kind: str) -> Word:
    if kind == "file":
        return Word(text, start, end, kind, frozenset({"FILE", _file_concept(text)}))
    if kind == "arrow":
        return Word(text, start, end, "word", frozenset({"TO"}))
    if kind != "word":
        return Word(text, start, end, kind, frozenset({"NUMBER"}) if kind == "number" else frozenset())
    low = text.lower().replace("’", "'")
    concepts, past = meaning(low)
    if text.isupper() and len(text) > 1:
        concepts |= {"SHOUT"}
    if not concepts:
        concepts = frozenset({"NOUN", "PLURAL"} if re.search(r"[^siu]s$", low) else {"NOUN"})
    return Word(text, start, end, kind, concepts, past)


_CONCEPTS = {Kind.IMAGE: "IMAGE", Kind.DOCUMENT: "DOC", Kind.AUDIO: "AUDIO", Kind.VIDEO: "VIDEO"}


def _file_concept(name: str) -> str:
    """Return what a file is by the ending of its name."""
    ending = "." + name.rsplit(".", 1)[-1].lower()
    kinds = [form.kind for form in FORMATS.values() if ending in form.endings]
    return _CONCEPTS.get(kinds[-1], "FILE") if kinds else "FILE"


def _phrases(words: list[Word]) -> Iterator[Word]:
    """Join words that are a phrase of the vocabulary, longest first."""
    longest, phrases = vocabulary().longest, vocabulary().phrases
    at = 0
    while at < len(words):
        for size in range(min(longest, len(words) - at), 1, -1):
            part = words[at : at + size]
            key = "_".join(word.low for word in part)
            if key in phrases and all(word.kind == "word" for word in part):
                yield Word(" ".join(word.text for word in part), part[0].start, part[-1].end, "word", phrases[key])
                at += size
                break
        else:
            yield words[at]
            at += 1

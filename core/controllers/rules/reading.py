"""A request's text as words that carry concepts; quoted texts, file names and addresses are taken out of it whole."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import islice

from rapidfuzz.distance import OSA

from core.controllers.rules.colours import COLOURS
from core.controllers.rules.languages import LANGUAGES
from core.controllers.rules.literals import literals
from core.controllers.rules.patterns import PATTERNS
from core.controllers.rules.words import NOUNS, POLITE, SMALL, VERBS
from core.media.sniff import FORMATS
from core.types import Kind

PLAIN = 4_000
"""Characters read as instructions. What is longer is a text to work on."""

MOST = 40
"""Quoted texts and the like that are told apart in one request."""

_FILE = (
    r"[\w\-]{1,80}\.(?:jpe?g|png|gif|bmp|tiff?|webp|heic|svg|pdf|txt|md|csv|docx?|"
    r"wav|mp3|ogg|flac|m4a|aac|mp4|mov|avi|mkv|webm|m4v)\b"
)
_MARKS = frozenset("'\"`‘’“”«»„")
_TOKEN = re.compile(
    rf"(?P<url>https?://\S{{1,2000}})|(?P<file>{_FILE})|(?P<number>\d+(?:[.,:x×]\d+)*[°%]?)"
    r"|(?P<arrow>[-=]+>|→|⇒)|(?P<pair>[a-z]{3,6}2[a-z]{3,6}\b)|(?P<word>tl;dr|[^\W\d_]\w*(?:['’\-/&][^\W\d_]\w*)*)|(?P<mark>\S)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Word:
    """One word, number, mark, quoted text, file name or address of a request."""

    text: str  # as written; of a quoted text, what is between the marks
    start: int  # offset in the request
    end: int
    kind: str  # "word", "number", "mark", "quote", "file" or "url"
    concepts: frozenset[str] = frozenset()
    past: bool = False  # a participle: "summarised"

    @property
    def low(self) -> str:
        """In lower case."""
        return self.text.lower()

    def means(self, name: str) -> bool:
        """Whether it carries the concept, or is the plain word."""
        return name in self.concepts or (name == self.low and self.kind == "word")


def read(text: str) -> list[Word]:
    """Return the words of ``text``, phrases of the vocabulary joined to one word."""
    words: list[Word] = []
    at, left = 0, PLAIN
    for start, end, inner in (*islice(literals(text), MOST), (len(text), len(text), "")):
        stop = min(start, at + left)
        words.extend(_words(text, at, stop))
        left -= max(stop - at, 0)
        if stop < start and text[stop:start].strip():
            words.append(_quote(text[stop:start].strip(), stop, start))
        if inner:
            words.append(_quote(inner, start, end))
        at = end
    return list(_phrases(words))


def _quote(inner: str, start: int, end: int) -> Word:
    return Word(inner, start, end, "quote", frozenset({"QUOTE"}))


def _words(text: str, start: int, end: int) -> Iterator[Word]:
    for found in _TOKEN.finditer(text, start, end):
        kind = found.lastgroup or "mark"
        if found.group() in _MARKS:
            continue  # left over around a file name
        if kind == "pair":
            yield from _pair(found.group(), found.start())
        else:
            yield _word(found.group(), found.start(), found.end(), kind)


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


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All words known, turned round: from word to concepts."""

    words: Mapping[str, frozenset[str]]
    phrases: Mapping[str, frozenset[str]]
    verbs: frozenset[str]
    longest: int  # words in the longest phrase
    by_start: Mapping[str, tuple[str, ...]] = field(repr=False)  # words by first letter, for slips of the pen


@cache
def vocabulary() -> Vocabulary:
    """Return the vocabulary, turned round once."""
    found: dict[str, set[str]] = {}
    for table in (VERBS, NOUNS, SMALL):
        for concept, words in table.items():
            for word in words.split():
                found.setdefault(word, set()).add(concept)
    for word in LANGUAGES:
        found.setdefault(word.replace(" ", "_"), set()).add("LANG")
    for word in COLOURS:
        found.setdefault(word, set()).add("COLOURNAME")
    for word in re.findall(r"\b[a-z]+(?:_[a-z]+)+\b", " ".join(PATTERNS.values())):
        found.setdefault(word, set())
    frozen = {word: frozenset(concepts) for word, concepts in found.items()}
    starts: dict[str, list[str]] = {}
    for word in frozen:
        if "_" not in word:
            starts.setdefault(word[0], []).append(word)
    return Vocabulary(
        {word: concepts for word, concepts in frozen.items() if "_" not in word},
        {word: concepts for word, concepts in frozen.items() if "_" in word},
        frozenset(VERBS),
        max(word.count("_") for word in frozen) + 1,
        {letter: tuple(words) for letter, words in starts.items()},
    )


@cache
def polite() -> frozenset[str]:
    """Return the words that may open a clause without saying what to do."""
    return frozenset(POLITE.split())


@cache
def _known_verbs() -> frozenset[str]:
    return frozenset(word for words in VERBS.values() for word in words.split())


def meaning(low: str) -> tuple[frozenset[str], bool]:
    """Return the concepts of a word in lower case, and whether it is a participle."""
    words = vocabulary().words
    if low in words:
        return words[low], low in _IRREGULAR
    for stem, past in _stems(low):
        if stem in words:
            concepts = words[stem]
            if past and stem not in _known_verbs():
                continue
            return concepts, past
    first = low.partition("-")[0]
    if first != low and first in words:
        return words[first], False  # "edge-only"
    return (frozenset() if low.endswith("ed") else _slip(low)), False


_IRREGULAR = frozenset({"drawn", "made", "written", "spoken", "said", "told", "wrote"})


def _stems(low: str) -> Iterator[tuple[str, bool]]:
    """Yield what the word may be an inflected form of, and whether as a participle."""
    for ending, past in (("'s", False), ("ing", False), ("ed", True), ("es", False), ("s", False), ("d", True)):
        if low.endswith(ending) and len(low) > len(ending) + 2:
            stem = low[: -len(ending)]
            yield stem, past
            if ending in ("ing", "ed"):
                yield stem + "e", past
                if stem[-1] == stem[-2]:
                    yield stem[:-1], past
            if ending in ("es", "ed") and stem.endswith("i"):
                yield stem[:-1] + "y", past


def _slip(low: str) -> frozenset[str]:
    """Return the concepts of the one known word that ``low`` is a slip of the pen for."""
    if not 6 <= len(low) <= 20 or low in polite():
        return frozenset()
    limit = 1 if len(low) < 11 else 2
    near = {
        word
        for word in vocabulary().by_start.get(low[0], ())
        if len(word) > 5 and abs(len(word) - len(low)) <= limit and OSA.distance(word, low, score_cutoff=limit) <= limit
    }
    concepts = {vocabulary().words[word] for word in near}
    return concepts.pop() if len(concepts) == 1 else frozenset()

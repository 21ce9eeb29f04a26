"""All words known and what they mean; inflected forms and slips of the pen are led back to them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from rapidfuzz.distance import OSA

from core.controllers.rules.data.colours import COLOURS
from core.controllers.rules.data.languages import LANGUAGES
from core.controllers.rules.data.patterns import PATTERNS
from core.controllers.rules.data.words import NOUNS, POLITE, SMALL, VERBS
from core.controllers.rules.reading.word import Word


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


def is_verb(word: Word) -> bool:
    """Whether a word can head a clause."""
    return bool(word.concepts & vocabulary().verbs) and not word.past


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


@cache
def _known_verbs() -> frozenset[str]:
    return frozenset(word for words in VERBS.values() for word in words.split())


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

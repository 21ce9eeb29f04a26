"""Which of the languages of Cyrillic letters a few words are in: they share most letters, and many words in part."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_COMMON = frozenset("абвгдежзклмнопрстуфхцчш")
_LETTERS = re.compile("[\u0400-\u04ff]")
_WORDS = re.compile("[\u0400-\u04ff]+(?:['’ʼ][\u0400-\u04ff]+)*")
_ENOUGH = 40
"""Words that are looked at: of a longer text other means tell the language as well."""

_KNOWN, _STRANGE = math.log(6.0), math.log(0.05)
"""How much likelier a language is for a word that is one of its commonest, and for a letter that it does not have."""


@dataclass(frozen=True, slots=True)
class _Language:
    letters: frozenset[str]
    words: frozenset[str]

    def likelihood(self, words: list[str]) -> float:
        """Return the logarithm of how well this language explains ``words``, compared with one that knows nothing."""
        strange = {letter for word in words for letter in _LETTERS.findall(word)} - self.letters
        return sum(word in self.words for word in words) * _KNOWN + len(strange) * _STRANGE


def likelihoods(text: str) -> Mapping[str, float]:
    """Return how many times likelier than before each language is for whoever reads ``text``; none without Cyrillic.

    1.0 belongs to the best of them.
    """
    words = [word.lower() for word in _WORDS.findall(text)[:_ENOUGH]]
    if not words:
        return {}
    found = {code: language.likelihood(words) for code, language in _languages().items()}
    best = max(found.values())
    return {code: math.exp(each - best) for code, each in found.items()}


@cache
def _languages() -> Mapping[str, _Language]:
    told = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return {
        code: _Language(_COMMON | frozenset(facts["letters"]), frozenset(facts["words"].split()))
        for code, facts in told.items()
    }

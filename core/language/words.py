"""Words of a text, as far as comparing texts goes: parted, lower case, without endings and without filler words."""

from __future__ import annotations

import re
from collections.abc import Callable

from core.language.names import name_of

_WORD = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)*")
_UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]"
)  # Thai, Lao, Japanese, Chinese: no blanks between words

Stem = Callable[[str], str]


def words(text: str) -> list[str]:
    """Return the words of ``text`` in lower case; of scripts without blanks, each character."""
    found: list[str] = []
    for word in _WORD.findall(text.lower()):
        found.extend(word if _UNSPACED.search(word) else (word,))
    return found


def stemmer(language: str) -> Stem:
    """Return what cuts endings off words of ``language`` (ISO 639-1); words stay whole where no rules are known."""
    from sumy.nlp.stemmers import Stemmer, null_stemmer

    try:
        stem: Stem = Stemmer(name_of(language).lower())
    except LookupError:
        stem = null_stemmer
    return stem


def fillers(language: str) -> frozenset[str]:
    """Return words of ``language`` that say nothing by themselves; empty where they are not known."""
    from sumy.utils import get_stop_words

    try:
        return frozenset(get_stop_words(name_of(language).lower()))
    except LookupError:
        return frozenset()

"""Messages in other languages: their words are read as what they mean in English, each at its place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import TypeAlias

from core.controllers.rules.data.glosses import GLOSSES
from core.controllers.rules.reading.vocabulary import polite, vocabulary

Gloss: TypeAlias = Mapping[str, tuple[str, ...]]
"""From a word in lower case, with or without its accents, to the English words it stands for."""

ENGLISH: Gloss = {}
"""Leaves every word as it is."""

_WORD = re.compile(r"[^\W\d_][\w'’-]*")


def gloss_for(text: str) -> Gloss:
    """Return the gloss that knows more words of ``text`` than English does."""
    words = [_plain(word) for word in _WORD.findall(text)]
    english = sum(word in vocabulary().words or word in polite() for word in words)
    known = [(sum(bool(_found(gloss, word)) for word in words), gloss) for gloss in _glosses()]
    most, best = max(known, key=lambda pair: pair[0])
    return best if most > english else ENGLISH


def glossed(word: str, gloss: Gloss) -> tuple[str, ...]:
    """Return the English for a word; the word itself where nothing is known, nothing where it says nothing."""
    found = _found(gloss, _plain(word))
    return (word,) if found is None or (word.isupper() and len(word) > 1) else found


def in_english(text: str) -> str:
    """Return a short text word by word in English; as it stands where it is English, or in a language unknown here."""
    gloss = gloss_for(text)
    return _WORD.sub(lambda word: " ".join(glossed(word.group(), gloss)), text) if gloss else text


def _found(gloss: Gloss, word: str) -> tuple[str, ...] | None:
    """Look a word up, without the French article at its head where need be: "l'image"."""
    return gloss.get(word, gloss.get(word.rpartition("'")[2]))


@cache
def _glosses() -> tuple[Gloss, ...]:
    return tuple(_turned(table) for table in GLOSSES)


def _turned(table: Mapping[str, str]) -> Gloss:
    """Turn a table round; a word without its accents means the same, unless it is a word of its own."""
    exact = {word: tuple(english.split()) for english, words in table.items() for word in words.split()}
    return {_bare(word): english for word, english in exact.items()} | exact


def _plain(word: str) -> str:
    return word.lower().replace("’", "'")


def _bare(word: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKD", word) if not unicodedata.combining(letter))

"""Finds lists to choose from, "a cat, a dog or a horse", so that their commas cut nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from core.controllers.rules.reading.word import Word

_CHOICES = frozenset({"between", "among", "labels", "categories", "classes", "options"})

_BETWEEN = frozenset({"as", "into", "between", "among", "labels", "categories", "classes", "options", ":"})


def choices(words: Sequence[Word]) -> tuple[list[Word], list[str], set[int]]:
    """Find "A, B or C": the words with the joint marked LABELS, the labels, and the commas that belong to the list."""
    marked = list(words)
    for at, word in enumerate(words):
        listing = word.low == "or" or (word.low == "and" and _offered_between(words, at))
        if listing and 0 < at < len(words) - 1 and not _names_what(words[at + 1]):
            items, glued = _items(words, at)
            if len(items) > 1:
                marked[at] = replace(word, concepts=word.concepts | {"LABELS"})
                return marked, items, glued
    return marked, [], set()


def _offered_between(words: Sequence[Word], at: int) -> bool:
    return any(word.low in _CHOICES for word in words[max(0, at - 12) : at])


def _names_what(word: Word) -> bool:
    """Whether a word says what shall be told rather than what to choose from: "its content or emotion"."""
    return any(word.means(name) for name in ("EMOTION", "CATEGORY", "SENTIMENT"))


def _items(words: Sequence[Word], joint: int) -> tuple[list[str], set[int]]:
    glued = {joint}
    last = _until(words, joint + 1)
    items = [last]
    at = joint - 1
    if words[at].text == ",":
        glued.add(at)
        at -= 1
    item: list[Word] = []
    while at >= 0 and len(item) < 4:
        word = words[at]
        if word.text == ",":
            items.insert(0, _name(item))
            glued.add(at)
            item = []
        elif word.low == "as" and at and words[at - 1].low == "such":
            return [], set()
        elif word.low in _BETWEEN or word.means("AUX") or word.means("WH") or word.means("IT") or word.kind == "mark":
            break
        else:
            item.insert(0, word)
            if word.low in ("a", "an"):
                if at and words[at - 1].text == ",":
                    at -= 1
                    continue
                break
        at -= 1
    if item:
        items.insert(0, _name(item if item[0].low in ("a", "an") or len(glued) > 1 or at < 0 else item[-1:]))
    return [item for item in items if item], glued


def _until(words: Sequence[Word], start: int) -> str:
    part: list[Word] = []
    for word in words[start : start + 4]:
        if word.kind == "mark" or (part and word.means("FROM")):
            break
        part.append(word)
    return _name(part)


def _name(words: Sequence[Word]) -> str:
    return " ".join(word.text for word in words if word.low not in ("a", "an", "the"))

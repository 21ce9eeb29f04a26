"""Wishes that their author takes back in the same message: "draw a cat. No, a dog", "read it, no wait, sum it up"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from core.controllers.rules.reading.clause import Clause
from core.controllers.rules.reading.vocabulary import is_verb
from core.controllers.rules.reading.word import Word
from core.controllers.rules.wishing.intents import intents

_MARKS = frozenset({"no", "wait", "actually", "sorry", "rather", "oops"})
_MEANING = frozenset({"mean", "meant"})  # "I mean to Spanish"


def corrected(clauses: Sequence[Clause]) -> list[Clause]:
    """Return the clauses without those that are taken back; what is said instead stands in their place."""
    kept: list[Clause] = []
    marked = False
    for clause in clauses:
        words = [word for word in clause.words if word.kind != "mark"]
        if words and all(word.low in _MARKS for word in words):
            marked = True
            continue
        means = bool(words) and words[0].low in _MEANING
        if (marked or means) and kept and not kept[-1].statement:
            kept.append(_instead(kept.pop(), clause.words[means:], clause))
        else:
            kept.append(clause)
        marked = False
    return kept


def _instead(before: Clause, words: Sequence[Word], clause: Clause) -> Clause:
    """Return what is wished for instead: a wish of its own, or another object for the verb and quotes before."""
    if len(words) > 2 and words[0].means("TURN") and words[1].means("IT") and is_verb(before.words[0]):
        words = words[2:]  # "make it a truck"
    own = replace(clause, words=tuple(words))
    if not words or any(not intent.weak for intent in intents(own)):
        return own
    if any(word.low == "one" for word in words):
        return replace(before, words=(*before.words, *words))  # "a blue one" says nothing alone
    quoted = any(word.kind == "quote" for word in words)
    head = [word for at, word in enumerate(before.words) if not at or (word.kind in ("quote", "file") and not quoted)]
    return replace(before, words=(*head, *words))

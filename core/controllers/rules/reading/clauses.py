"""Cuts the words of a request into clauses: one wish, one question or one statement each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from core.controllers.rules.reading.choices import choices
from core.controllers.rules.reading.clause import Clause
from core.controllers.rules.reading.mood import WISH, asks, declined, enables, goes_on, tells
from core.controllers.rules.reading.parts import afterwards, parts
from core.controllers.rules.reading.sentences import sentences
from core.controllers.rules.reading.vocabulary import is_verb, polite
from core.controllers.rules.reading.word import Word

_THINGS = ("TEXT", "TEXTY", "IMAGE", "AUDIO", "VIDEO", "TABLE", "DOC")

_RELATIVE = re.compile(r"\b(?:that|which)\s+$")
_NEGATIONS = frozenset({"no", "not", "never", "cannot", "hardly", "too", "nothing", "unable"})


def cut(text: str, words: Sequence[Word]) -> list[Clause]:
    """Return the clauses of a request in order."""
    found: list[Clause] = []
    for number, sentence in enumerate(sentences(text, words)):
        marked, labels, glued = choices(sentence)
        told = False  # the part before was a statement
        for part in afterwards(list(parts(marked, glued))):
            clause = _related(text, _clause(part, number, told=told), part[0], found)
            told = clause.statement
            found.extend(_labelled(one, labels) for one in _told_wish(clause) if one.words)
    return found


def _labelled(clause: Clause, labels: Sequence[str]) -> Clause:
    return replace(clause, labels=tuple(labels) if clause.has("LABELS") else ())


def _clause(part: Sequence[Word], sentence: int, *, told: bool) -> Clause:
    """Return a part as a clause; ``told`` where it follows a statement."""
    opening = [word.low for word in part[:5]]
    rest = _without_courtesy(part)
    refused = declined(part) or declined(rest)
    tells_only = not any(word in WISH for word in opening) and tells(part)
    follows = told and bool(rest) and goes_on(part, rest)
    statement = refused or tells_only or follows or enables(opening)
    again = opening[:1] in (["after"], ["once"], ["when"], ["upon"]) and sentence > 0
    return Clause(tuple(rest), sentence, statement, not statement and asks(rest), again, whole=part[0].start)


def _without_courtesy(part: Sequence[Word]) -> Sequence[Word]:
    """Take away the words that may open a clause without saying what to do."""
    while part and (part[0].kind == "mark" or (part[0].kind == "word" and part[0].low in polite())):
        if _keeps(part):
            break
        part = part[1:]
    return part


def _keeps(rest: Sequence[Word]) -> bool:
    """Whether a word of politeness is the wish itself here: "to French", "I want a summary"."""
    if len(rest) < 2:
        return False
    if rest[0].low in ("want", "need", "like", "love"):
        return rest[1].low not in ("to", "you", "help", "your", "some help") and rest[1].kind == "word"
    if rest[0].low in ("first", "second", "third") and any(rest[1].means(name) for name in _THINGS):
        return True
    aim = any(word.means(name) for word in rest[1:3] for name in ("LANG", "AFORMAT", "VFORMAT"))
    return rest[0].low in ("to", "as", "into", "in") and aim


def _related(text: str, clause: Clause, first: Word, found: Sequence[Clause]) -> Clause:
    """Add the noun that a relative clause speaks of: "a recording, which I want transcribed"."""
    before = found[-1] if found else None
    if before is None or not before.statement or before.sentence != clause.sentence:
        return clause
    if not _RELATIVE.search(text[max(0, first.start - 10) : first.start]):
        return clause
    things = [word for word in before.words if word.kind == "word" and any(word.means(name) for name in _THINGS)]
    return replace(clause, words=(*clause.words, *things[-1:]))


def _told_wish(clause: Clause) -> tuple[Clause, ...]:
    """Cut "I have a recording to transcribe" into what is told and what is wished."""
    negated = any(word.low.endswith(("n't", "n’t")) or word.low in _NEGATIONS for word in clause.words)
    if not clause.statement or negated:
        return (clause,)
    for at, word in enumerate(clause.words[1:-1], 1):
        if word.low == "to" and is_verb(clause.words[at + 1]) and not clause.words[at - 1].means("WH"):
            told = replace(clause, words=clause.words[:at])
            return told, replace(told, words=clause.words[at + 1 :], statement=False)
    return (clause,)

"""From a request's text to its wishes, in the order they are to be done, and the texts it brings along."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from core.controllers.rules.reading.clause import Clause
from core.controllers.rules.reading.clauses import cut
from core.controllers.rules.reading.tokens import read
from core.controllers.rules.wishing.correcting import corrected
from core.controllers.rules.wishing.intent import Intent
from core.controllers.rules.wishing.joining import wishes
from core.controllers.rules.wishing.passages import Passage, passages
from core.controllers.rules.wishing.tidying import tidied

_LONGEST = 40
"""Wishes taken from one message."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood of a message."""

    intents: tuple[Intent, ...]
    clauses: tuple[Clause, ...]
    passages: tuple[Passage, ...]


def understand(text: str) -> Reading:
    """Return the wishes of ``text`` in the order they are to be done."""
    clauses = corrected(cut(text, read(text)))
    found = tidied(_found(clauses, text))
    texts = list(passages(text, clauses, found))
    for intent in _unspoken(clauses, found, texts):
        found.insert(sum(other.clause.start < intent.clause.start for other in found), intent)
    return Reading(tuple(found), tuple(clauses), tuple(texts))


def _found(clauses: Sequence[Clause], text: str) -> list[Intent]:
    """Return what is wished for; where nothing is, of what seemed to be told only, then of what might be asked."""
    told = [replace(clause, statement=False) for clause in clauses]
    return (wishes(clauses) or wishes(told) or wishes([_wished(clause, text) for clause in clauses]))[:_LONGEST]


def _wished(clause: Clause, text: str) -> Clause:
    """Return a clause taken for a wish, or for a question where it ends as one: the only sense a message makes."""
    asks = clause.asks or clause.has("WH") or text[clause.end - 1 : clause.end + 1].strip().endswith("?")
    return replace(clause, statement=False, asks=asks)


def _unspoken(clauses: Sequence[Clause], found: Sequence[Intent], passages: Sequence[Passage]) -> Iterator[Intent]:
    """Yield the wish to have a question answered that is only told: "I have a scan and a question: '...?'"."""
    taken = any(intent.task == "@ask" or intent.clause.has("QUESTION") for intent in found)
    asked = [
        passage
        for passage in passages
        if passage.question and not passage.start and (passage.names & {"QUESTION", "TELL"} or not found)
    ]
    if asked and not taken:
        clause = next((clause for clause in clauses if any(word.text == asked[0].text for word in clause.words)), None)
        if clause is not None and clause.words:
            yield Intent("@ask", replace(clause, statement=False), (0,), weak=False, score=0.0)

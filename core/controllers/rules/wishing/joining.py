"""Wishes across clauses: a clause may lend its verb to the next, lack its object, or belong to the one before."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from core.controllers.rules.reading.clause import Clause
from core.controllers.rules.reading.vocabulary import is_verb
from core.controllers.rules.wishing.intent import Intent
from core.controllers.rules.wishing.intents import intents
from core.controllers.rules.wishing.lending import borrowed, lent


def wishes(clauses: Sequence[Clause]) -> list[Intent]:
    """Return each clause's wishes. A clause without any belongs to the one before, or shares its verb."""
    joiner = _Joiner()
    for at, clause in enumerate(clauses):
        before = clauses[at - 1] if at else None
        after = clauses[at + 1] if at + 1 < len(clauses) else None
        joiner.take(clause, beside=_beside(before, clause), goes_on=_beside(after, clause))
    return [*joiner.found, *joiner.pending]


def _beside(other: Clause | None, clause: Clause) -> bool:
    return other is not None and other.sentence == clause.sentence


@dataclass(slots=True)
class _Joiner:
    """Takes clause after clause, and keeps what the next one may need."""

    found: list[Intent] = field(default_factory=list)
    pending: list[Intent] = field(default_factory=list)  # the newest wishes: the next clause may add to them
    prefix: Clause | None = None  # a part without a wish, before the wish that it belongs to
    verb: Clause | None = None  # broke off behind its verb

    def take(self, clause: Clause, *, beside: bool, goes_on: bool) -> None:
        """Read a clause; ``beside`` where one stands before it in its sentence, ``goes_on`` where one follows."""
        own = self._own(clause)
        if beside and _asks_on(clause, self.pending):
            self._add(clause)
            return
        if beside and _repeats(own, {intent.task for intent in self.pending}, clause):
            own = []
        if not own and beside and not clause.statement:
            own = borrowed(self.pending, clause)
            if not own and self._takes_in(clause):
                return
        if not own and not clause.statement and goes_on and _lacks_object(clause):
            self.verb = clause
            return
        self._settle(own, clause)

    def _own(self, clause: Clause) -> list[Intent]:
        """Return the clause's wishes, read together with what waits for it."""
        own = intents(clause)
        if self.verb is not None:
            known = {intent.task for intent in own}
            own = [*(intent for intent in lent(self.verb, clause) if intent.task not in known), *own]
            self.verb = None
        prefix = self._leading(clause)
        if not own and prefix is not None:
            own = intents(replace(clause, words=(*clause.words, *prefix.words)))
        return own

    def _leading(self, clause: Clause) -> Clause | None:
        """Return the part before, without a wish of its own, that belongs to a clause: "at the top, write HELLO"."""
        return self.prefix if _beside(self.prefix, clause) and not clause.asks else None

    def _takes_in(self, clause: Clause) -> bool:
        """Add a clause without a wish to the newest wishes, if these are of its sentence or make sense with it."""
        joined = _joined(self.pending, clause) if self.pending else []
        if joined:
            self.pending = joined
        elif self.pending and self.pending[-1].clause.sentence == clause.sentence:
            self._add(clause)
        else:
            return False
        return True

    def _add(self, clause: Clause) -> None:
        self.pending = [intent.plus(clause) for intent in self.pending]

    def _settle(self, own: list[Intent], clause: Clause) -> None:
        if own:
            self.found.extend(self.pending)
            prefix = self._leading(clause)
            self.pending = [intent.plus(prefix) for intent in own] if prefix else own
        self.prefix = clause if not own and not clause.statement and not clause.has("QUOTE") else None


def _joined(pending: Sequence[Intent], clause: Clause) -> list[Intent]:
    """Return the wishes of two parts that only together make sense: "convert it to clear, natural speech"."""
    first = pending[0].clause
    found = intents(replace(first, words=(*first.words, *clause.words)))
    across = [intent for intent in found if intent.head < len(first.words) <= intent.used[-1] and not intent.weak]
    known = {intent.task for intent in pending}
    return found if any(intent.task not in known for intent in across) else []


def _repeats(own: Sequence[Intent], known: Collection[str], clause: Clause) -> bool:
    """Whether a part wishes for nothing new: "compare A with B: how similar are they?"."""
    if any(intent.task not in known for intent in own):
        return False
    if not clause.asks:
        other = clause.has("AUDIO", "VIDEO") and any(intent.task == "@convert" for intent in own)
        return all(intent.weak for intent in own) and not other  # "... and the sound to ogg"
    news = any(word.means("NOUN") or word.kind in ("quote", "file", "number") for word in clause.words)
    return not news and not any(intent.task.startswith("@") for intent in own)


def _asks_on(clause: Clause, pending: Sequence[Intent]) -> bool:
    """Whether a part is the rest of a question: "when was it signed, and by whom?"."""
    words = [word for word in clause.words if word.kind == "word"]
    fragment = any(word.means("WH") for word in words) and all(word.means("WH") or word.means("FROM") for word in words)
    return fragment and bool(pending) and pending[-1].task == "@ask"


def _lacks_object(clause: Clause) -> bool:
    """Whether a clause breaks off behind its verb: "detect (and label the objects)"."""
    return len(clause.words) <= 4 and is_verb(clause.words[0]) and all(word.kind == "word" for word in clause.words)

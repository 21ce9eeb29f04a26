"""What a clause borrows from the one before: its verb."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from core.controllers.rules.reading.clause import Clause
from core.controllers.rules.reading.vocabulary import is_verb
from core.controllers.rules.reading.word import Word
from core.controllers.rules.wishing.intent import Intent
from core.controllers.rules.wishing.intents import intents

_AGAIN = frozenset({"text-to-image", "text-to-video", "image-to-image", "text-overlay", "@ask"})
"""May be wished for twice in one sentence, with different words."""

_OWN = frozenset({"@ask", "text-overlay", "image-to-image", "text-to-speech"})
"""Do not go on without their verb."""

_QUOTED = frozenset({"text-overlay", "text-to-speech"})
"""But go on with another quote: "put 'A' on the first picture and 'B' on the second"."""


def lent(verb: Clause, clause: Clause) -> list[Intent]:
    """Return the wishes of a verb that broke off, with the object of the next clause: "detect and label the cars"."""
    objects = clause.words[1:] if is_verb(clause.words[0]) else clause.words
    return intents(replace(verb, words=(*verb.words, *objects)))


def borrowed(pending: Sequence[Intent], clause: Clause) -> list[Intent]:
    """Return the wishes of a clause that leaves its verb out: "draw a cat and (draw) a dog"."""
    strong = [intent for intent in pending if not intent.weak]
    if not strong or not _names_thing(clause.words[0]):
        return []
    before = strong[-1]
    if before.task not in _OWN:
        again = _again(before, clause)
        return [intent for intent in _inherited(clause, _head(before)) if again or intent.task != before.task]
    if before.task not in _QUOTED or clause.words[0].kind != "quote":
        return []
    verb = before.clause.words[before.head : before.head + 1]
    return [intent for intent in _inherited(clause, verb) if intent.task == before.task]


def _names_thing(word: Word) -> bool:
    return any(word.means(name) for name in ("NEW", "DEF", "QUOTE")) or word.low == "of"


def _head(intent: Intent) -> Sequence[Word]:
    """Return the words that the next clause leaves out: the verb, and of what is made again, the thing."""
    if intent.task in _AGAIN and len(intent.used) > 1:
        return intent.clause.words[: intent.used[-1 if intent.task == "text-to-image" else 1] + 1]
    return intent.clause.words[intent.head : intent.head + 1]


def _again(before: Intent, clause: Clause) -> bool:
    """Whether a second picture is wished for, and not more said about the first: "a picture of a cat and a dog"."""
    doing = any(word.low.endswith("ing") for word in clause.words)
    named = [word.low for word in (before.clause.words[at] for at in before.used) if word.means("IMAGE")]
    one = bool(named) and not named[0].endswith("s") and clause.words[0].low != "of"
    return before.task == "text-to-image" and len(clause.words) <= 4 and not doing and not one


def _inherited(clause: Clause, heads: Sequence[Word]) -> list[Intent]:
    return intents(replace(clause, words=(*heads, *clause.words), statement=False))

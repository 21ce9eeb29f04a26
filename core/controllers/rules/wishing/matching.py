"""Matches one pattern against one clause."""

from __future__ import annotations

from collections.abc import Sequence

from core.controllers.rules.data import little
from core.controllers.rules.reading.clause import Clause
from core.controllers.rules.reading.vocabulary import is_verb, polite
from core.controllers.rules.reading.word import Word
from core.controllers.rules.wishing.intent import Intent
from core.controllers.rules.wishing.pattern import Pattern, Step

SURE = 3.0
"""What a sure pattern counts more than others."""

GAP = 4
"""Words that may stand between two neighbours of a pattern."""

_JOINING = frozenset(little.JOIN.split())


def match(clause: Clause, pattern: Pattern) -> Intent | None:
    """Return the first way in which a clause says what a pattern says."""
    if pattern.alone and not _alone(clause, pattern):
        return None
    for start in range(1 if pattern.first else len(clause.words)):
        if not fits(clause.words[start], pattern.steps[0]) or _depends(clause.words, start):
            continue
        used = _follow(clause.words, pattern.steps, (start,))
        if used:
            weak = pattern.weak or clause.after or _modifies(clause.words, start)
            return Intent(pattern.task, clause, used, weak, _score(clause, pattern, used, weak=weak), pattern.sure)
    return None


def _score(clause: Clause, pattern: Pattern, used: Sequence[int], *, weak: bool) -> float:
    """Rate a match: the more words, the closer together, the better; verbs and sure patterns count more."""
    spread = used[-1] - used[0] + 1 - len(used)
    less = 0.02 * spread + (1.2 if weak else 0) + (0.6 if pattern.task.startswith("@") else 0)
    return len(used) - less + SURE * pattern.sure + 0.3 * is_verb(clause.words[used[0]])


def fits(word: Word, step: Step) -> bool:
    """Whether a word is what a step of a pattern asks for."""
    return any(word.means(name) for name in step.names)


def _alone(clause: Clause, pattern: Pattern) -> bool:
    """Whether a clause consists of what the pattern names, and of words that mean nothing by themselves."""
    return all(
        any(fits(word, step) for step in pattern.steps)
        or word.kind == "mark"
        or word.means("DEF")
        or word.low in ("only", "just", *polite())
        for word in clause.words
    )


def _follow(words: Sequence[Word], steps: Sequence[Step], used: tuple[int, ...]) -> tuple[int, ...]:
    """Return the indexes of a match that begins with ``used``, or nothing."""
    if len(used) == len(steps):
        return used
    step = steps[len(used)]
    for at in range(used[-1] + 1, len(words)):
        if fits(words[at], step):
            return _follow(words, steps, (*used, at))
        if _severs(words, used, at, step):
            return ()
    return ()


def _severs(words: Sequence[Word], used: Sequence[int], at: int, step: Step) -> bool:
    """Whether a word between two neighbours of a pattern keeps them from belonging together."""
    word, far = words[at], at - used[-1] > GAP
    if len(used) == 1 and word.means("FROM") and _makes(words[used[0]]):
        return not (word.low == "with" and words[at - 1].means("ME"))  # "provide me with the text"
    if step.link == "..":
        return False
    foreign = word.means("FROM") or word.means("TO") or (step.link == ">" and word.means("DEF"))
    return step.link == "+" or far or foreign


def _makes(verb: Word) -> bool:
    """Whether what follows "from" behind a verb is what something is made of."""
    return verb.means("GENERATE") or verb.means("WANT")


def _modifies(words: Sequence[Word], at: int) -> bool:
    """Whether a participle stands before a noun: "the edited picture" wishes for no edit."""
    after = words[at + 1] if at + 1 < len(words) else None
    if not words[at].past or after is None or after.kind != "word" or after.means("FROM") or after.means("TO"):
        return False
    before = words[at - 1] if at else None
    return before is None or before.low == "newly" or any(before.means(name) for name in ("DEF", "NEW", "FROM"))


def _depends(words: Sequence[Word], at: int) -> bool:
    """Whether a verb tells what somebody else does: "a girl reading a book" wishes for no reading."""
    if not at:
        return False
    word, before = words[at], words[at - 1]
    if at > 1 and before.low == "to" and words[at - 2].means("WH"):
        return True  # "tell me how to clean the filter"
    if word.low.endswith("s") and is_verb(word) and before.means("TEXTY"):
        return True  # "the message reads"
    free = before.low in _JOINING or any(before.means(name) for name in ("FROM", "TO", "AUX", "WANT", "NEW"))
    doing = word.low.endswith("ing") and not word.means("WRITTEN")
    return doing and is_verb(word) and before.kind == "word" and not free

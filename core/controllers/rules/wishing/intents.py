"""Finds in a clause which tasks it wishes for: matches of patterns, of which rivals drop each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.controllers.rules.reading.clause import Clause
from core.controllers.rules.reading.word import Word
from core.controllers.rules.wishing.intent import Intent
from core.controllers.rules.wishing.matching import match
from core.controllers.rules.wishing.particulars import particulars
from core.controllers.rules.wishing.pattern import patterns

GENERAL = frozenset({"@ask", "@describe", "@classify"})
"""Wishes that any question looks like: they stand back behind others."""


def intents(clause: Clause) -> list[Intent]:
    """Return what a clause wishes for, in the order it is to be done; sources named after "of" or "from" first."""
    if clause.statement:
        return []
    found = sorted(_matches(clause), key=lambda intent: (_general(intent), -intent.score, intent.head))
    if not found and clause.words and (clause.asks or particulars(clause)):
        found = [Intent("@ask", clause, (0,), weak=False, score=0.0)]
    chosen = _outspoken(clause, _chosen(clause, found))
    if clause.after:
        chosen = [intent for intent in chosen if intent.task != "@ask"]
    return _ordered(sorted(chosen, key=lambda intent: intent.head))


def _chosen(clause: Clause, found: Sequence[Intent]) -> list[Intent]:
    """Return the best wishes that do not rival each other."""
    chosen: list[Intent] = []
    for intent in found:
        if not any(_rivals(intent, other) for other in chosen):
            chosen = [other for other in chosen if not (clause.asks and other.weak and intent.task == "@ask")]
            chosen.append(intent)
    return chosen


def _matches(clause: Clause) -> Iterator[Intent]:
    have = frozenset(name for word in clause.words for name in word.concepts) | {word.low for word in clause.words}
    voiced = not clause.asks or clause.has("ALOUD", "PRONOUNCE", "HEAR", "sounds", "sound")
    for pattern in patterns():
        if pattern.possible(have) and (voiced or pattern.task != "text-to-speech"):
            intent = match(clause, pattern)
            if intent:
                yield intent


_POINTING = ("DEF", "IT", "NEW", "TEXTY", "WH", "FROM", "TO", "ME", "ALOUD", "QUOTE", "SUMMARY", "ANSWERS")


def _outspoken(clause: Clause, chosen: list[Intent]) -> list[Intent]:
    """Tell words to be said from wishes: "say good night" judges nothing, "would you say it is good?" says nothing."""
    said = next((intent for intent in chosen if clause.words[intent.head].means("SAY")), None)
    if said is None or said.task != "text-to-speech" or clause.has("ALOUD"):
        return chosen
    after = clause.words[said.head + 1 :]
    if clause.has("POLAR") and any(word.means("AUX") for word in after):
        return [intent for intent in chosen if intent is not said]
    if after and after[0].kind == "word" and not clause.has("QUOTE") and not _points(after[0]):
        return [intent for intent in chosen if intent.head <= said.head]
    return chosen


def _points(word: Word) -> bool:
    return any(word.means(name) for name in _POINTING)


def _general(intent: Intent) -> bool:
    return intent.task in GENERAL and not intent.sure


def _rivals(intent: Intent, chosen: Intent) -> bool:
    """Whether a wish is but another reading of the words of a better one."""
    if chosen.sure and chosen.head in intent.used:
        return True
    if (chosen.task == "text-overlay" or chosen.sure) and _inside(intent, chosen):
        return True
    return _stands_back(intent, chosen) or _overlaps(intent, chosen)


def _stands_back(intent: Intent, chosen: Intent) -> bool:
    """Whether a wish gives way whatever its words: general ones to others, saying to writing."""
    aloud = intent.clause.has("ALOUD")  # "what does it cost, aloud?" is asked and said
    if _general(intent) and not chosen.weak and not (aloud and chosen.task == "text-to-speech"):
        return True
    if intent.task == "text-to-image" and chosen.task == "text-to-video" and chosen.head < intent.head:
        return True  # "a video that visualises the story"
    if intent.task.startswith("@") and chosen.task.startswith("@"):
        return True
    return {intent.task, chosen.task} == {"text-to-speech", "text-overlay"} and not aloud


def _overlaps(intent: Intent, chosen: Intent) -> bool:
    if intent.task == chosen.task or intent.head == chosen.head:
        return True
    if chosen.task == "text-to-speech" and intent.task == "summarization":
        return False  # "a spoken summary" is both
    if set(intent.used) <= set(chosen.used):
        return True
    return intent.head in chosen.used[1:] and (intent.weak or len(chosen.used) > len(intent.used))


def _inside(intent: Intent, chosen: Intent) -> bool:
    """Whether a wish is found only in the words of another: "put happy birthday on this picture"."""
    words = intent.clause.words
    between = chosen.used[0] < intent.head < chosen.used[-1]
    return between and not words[intent.head - 1].means("DEF") and not words[intent.head].means("QUOTE")


def _ordered(chosen: Sequence[Intent]) -> list[Intent]:
    """Put what follows "of", "from" or "based on" before the wish that needs it, and saying it behind all."""
    ordered: list[Intent] = []
    for intent in chosen:
        ordered.insert(len(ordered) - bool(ordered and _feeds(intent, ordered[-1])), intent)
    if any(intent.task.startswith("a") for intent in ordered):  # something hears what is said
        return ordered
    summed = any(intent.task == "summarization" for intent in ordered)
    return sorted(ordered, key=lambda intent: intent.task == "text-to-speech" and (summed or not intent.weak))


def _feeds(intent: Intent, before: Intent) -> bool:
    """Whether a noun names what the wish before it is about: "the sentiment of the summary"."""
    between = intent.clause.words[before.head + 1 : intent.head]
    return intent.weak and (intent.clause.asks or any(word.means("FROM") for word in between))

"""Finds in each clause which tasks it wishes for, by the patterns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from core.controllers.rules.clauses import Clause, is_verb
from core.controllers.rules.patterns import PATTERNS
from core.controllers.rules.reading import Word, polite

GENERAL = frozenset({"@ask", "@describe", "@classify"})
"""Wishes that any question looks like: they stand back behind others."""

SURE = 3.0
"""What a sure pattern counts more than others."""

GAP = 4
"""Words that may stand between two neighbours of a pattern."""


@dataclass(frozen=True, slots=True)
class Step:
    """One concept of a pattern, and how far from the one before it may be."""

    names: tuple[str, ...]
    link: str  # "", ">", "..", "+"


@dataclass(frozen=True, slots=True)
class Pattern:
    """One way to wish for a task."""

    task: str
    steps: tuple[Step, ...]
    never: tuple[str, ...]
    first: bool
    alone: bool  # nothing else in the clause
    weak: bool
    sure: bool


@dataclass(frozen=True, slots=True)
class Intent:
    """A task that a clause wishes for."""

    task: str
    clause: Clause
    used: tuple[int, ...]  # indexes of the clause's words that matched
    weak: bool
    score: float
    sure: bool = False

    @property
    def head(self) -> int:
        """Index of the first word that matched."""
        return self.used[0]

    @property
    def rest(self) -> tuple[Word, ...]:
        """The clause's words without the one that heads the wish."""
        return tuple(word for at, word in enumerate(self.clause.words) if at != self.head)


@cache
def patterns() -> tuple[Pattern, ...]:
    """Return all patterns, parsed once."""
    return tuple(_parse(task, text) for task, texts in PATTERNS.items() for text in texts.split("|") if text.strip())


def _parse(task: str, text: str) -> Pattern:
    weak, sure = text.strip().startswith("~"), text.strip().startswith("*")
    steps: list[Step] = []
    never: list[str] = []
    link, first, alone = "", False, False
    for part in text.strip().lstrip("~*").split():
        if part in (">", "..", "+"):
            link = part
        elif part.startswith("!"):
            never.append(part[1:])
        else:
            first = first or part.startswith("^")
            alone = alone or part.startswith("=")
            steps.append(Step(tuple(part.lstrip("^=").replace("_", " ").split("/")), link))
            link = ""
    return Pattern(task, tuple(steps), tuple(never), first, alone, weak, sure)


def intents(clause: Clause) -> list[Intent]:
    """Return what a clause wishes for, in the order it is to be done; sources named after "of" or "from" first."""
    if clause.statement:
        return []
    found = sorted(_matches(clause), key=lambda intent: (_general(intent), -intent.score, intent.head))
    if clause.asks and not found and clause.words:
        found = [Intent("@ask", clause, (0,), weak=False, score=0.0)]
    chosen: list[Intent] = []
    for intent in found:
        if not any(_rivals(intent, other) for other in chosen):
            chosen = [other for other in chosen if not (clause.asks and other.weak and intent.task == "@ask")]
            chosen.append(intent)
    chosen = _outspoken(clause, chosen)
    if clause.after:
        chosen = [intent for intent in chosen if intent.task != "@ask"]
    chosen.sort(key=lambda intent: intent.head)
    return _sources_first(chosen)


def _outspoken(clause: Clause, chosen: list[Intent]) -> list[Intent]:
    """Tell words to be said from wishes: "say good night" judges nothing, "would you say it is good?" says nothing."""
    said = next((intent for intent in chosen if clause.words[intent.head].means("SAY")), None)
    if said is None or said.task != "text-to-speech" or clause.has("ALOUD", "QUOTE") and not clause.has("POLAR"):
        return chosen
    after = clause.words[said.head + 1 :]
    if clause.has("POLAR") and not clause.has("ALOUD") and any(word.means("AUX") for word in after):
        return [intent for intent in chosen if intent is not said]
    pointing = ("DEF", "IT", "NEW", "TEXTY", "WH", "FROM", "TO", "ME", "ALOUD", "QUOTE", "SUMMARY", "ANSWERS")
    if after and after[0].kind == "word" and not any(after[0].means(name) for name in pointing):
        return [intent for intent in chosen if intent.head <= said.head]
    return chosen


def _general(intent: Intent) -> bool:
    return intent.task in GENERAL and not intent.sure


def _rivals(intent: Intent, chosen: Intent) -> bool:
    if (chosen.task == "text-overlay" or chosen.sure) and _inside(intent, chosen):
        return True
    if chosen.sure and chosen.head in intent.used:
        return True
    manner = chosen.task == "text-to-speech" and intent.clause.has("ALOUD")  # "what does it cost, aloud?"
    if _general(intent) and not chosen.weak and not manner:
        return True
    if {intent.task, chosen.task} == {"text-to-speech", "text-overlay"} and not intent.clause.has("ALOUD"):
        return True
    if intent.task == chosen.task or intent.head == chosen.head:
        return True
    if intent.head in chosen.used[1:] and (intent.weak or len(chosen.used) > len(intent.used)):
        return True
    return set(intent.used) <= set(chosen.used) or (intent.task.startswith("@") and chosen.task.startswith("@"))


def _inside(intent: Intent, chosen: Intent) -> bool:
    """Whether a wish is found only in the words of another: "put happy birthday on this picture"."""
    words = intent.clause.words
    between = chosen.used[0] < intent.head < chosen.used[-1]
    return between and not words[intent.head - 1].means("DEF") and not words[intent.head].means("QUOTE")


def _sources_first(chosen: list[Intent]) -> list[Intent]:
    """Put what follows "of", "from" or "based on" before the wish that needs it."""
    ordered: list[Intent] = []
    for intent in chosen:
        if ordered and intent.clause.words[max(intent.head - 4, 0) : intent.head]:
            before = intent.clause.words[ordered[-1].head + 1 : intent.head]
            if intent.weak and (intent.clause.asks or any(word.means("FROM") for word in before)):
                ordered.insert(len(ordered) - 1, intent)
                continue
        ordered.append(intent)
    if any(intent.task.startswith("a") for intent in ordered):  # something hears what is said
        return ordered
    return sorted(ordered, key=lambda intent: intent.task == "text-to-speech" and not intent.weak)


def _matches(clause: Clause) -> Iterator[Intent]:
    have = frozenset(name for word in clause.words for name in word.concepts) | {word.low for word in clause.words}
    for pattern in patterns():
        if any(name in have for name in pattern.never) or (pattern.alone and not _alone(clause, pattern)):
            continue
        if all(any(name in have for name in step.names) for step in pattern.steps):
            if (
                clause.asks
                and pattern.task == "text-to-speech"
                and not clause.has("ALOUD", "PRONOUNCE", "HEAR", "sounds", "sound")
            ):
                continue
            intent = _match(clause, pattern)
            if intent:
                yield intent


def _match(clause: Clause, pattern: Pattern) -> Intent | None:
    starts = range(1) if pattern.first else range(len(clause.words))
    for start in starts:
        if not _fits(clause.words[start], pattern.steps[0]) or _depends(clause.words, start):
            continue
        used = _follow(clause.words, pattern.steps, (start,))
        if used:
            weak = pattern.weak or clause.after or _modifies(clause.words, start)
            spread = used[-1] - used[0] + 1 - len(used)
            score = (
                len(used)
                - 0.02 * spread
                - (1.2 if weak else 0)
                - (0.6 if pattern.task.startswith("@") else 0)
                + SURE * pattern.sure
                + 0.3 * is_verb(clause.words[start])
            )
            return Intent(pattern.task, clause, used, weak, score, pattern.sure)
    return None


def _alone(clause: Clause, pattern: Pattern) -> bool:
    """Whether a clause consists of what the pattern names, and of words that mean nothing by themselves."""
    return all(
        any(_fits(word, step) for step in pattern.steps)
        or word.kind == "mark"
        or word.means("DEF")
        or word.low in ("only", "just", *polite())
        for word in clause.words
    )


def _fits(word: Word, step: Step) -> bool:
    return any(word.means(name) for name in step.names)


def _follow(words: Sequence[Word], steps: Sequence[Step], used: tuple[int, ...]) -> tuple[int, ...]:
    """Return the indexes of a match that begins with ``used``, or nothing."""
    if len(used) == len(steps):
        return used
    step = steps[len(used)]
    for at in range(used[-1] + 1, len(words)):
        if _fits(words[at], step):
            return _follow(words, steps, (*used, at))
        gap = at - used[-1]
        if (
            len(used) == 1
            and words[at].means("FROM")
            and not (words[at].low == "with" and words[at - 1].means("ME"))  # "provide me with the text"
            and (words[used[0]].means("GENERATE") or words[used[0]].means("WANT"))
        ):
            return ()  # what follows is the source of what is made
        if step.link == "+" or (step.link != ".." and (gap > GAP or words[at].means("FROM") or words[at].means("TO"))):
            return ()
        if step.link == ">" and words[at].means("DEF"):
            return ()
    return ()


def _modifies(words: Sequence[Word], at: int) -> bool:
    """Whether a participle stands before a noun: "the edited picture" wishes for no edit."""
    if not words[at].past:
        return False
    before = words[at - 1] if at else None
    after = words[at + 1] if at + 1 < len(words) else None
    named = after is not None and not (after.means("FROM") or after.means("TO")) and after.kind == "word"
    return named and (
        before is None or before.means("DEF") or before.means("NEW") or before.means("FROM") or before.low == "newly"
    )


_JOINING = frozenset(
    [
        "and",
        "or",
        "then",
        "by",
        "for",
        "of",
        "without",
        "after",
        "before",
        "while",
        "start",
        "try",
        "keep",
        "are",
        "be",
        "help",
        "mind",
    ]
)


def _depends(words: Sequence[Word], at: int) -> bool:
    """Whether a verb tells what somebody else does: "a girl reading a book" wishes for no reading."""
    if at > 1 and words[at - 1].low == "to" and words[at - 2].means("WH"):
        return True  # "tell me how to clean the filter"
    if at and words[at].low.endswith("s") and is_verb(words[at]) and words[at - 1].means("TEXTY"):
        return True  # "the message reads"
    if not at or not words[at].low.endswith("ing") or words[at].means("WRITTEN"):
        return False
    before = words[at - 1]
    free = before.low in _JOINING or any(before.means(name) for name in ("FROM", "TO", "AUX", "WANT"))
    return is_verb(words[at]) and before.kind == "word" and not free


def inherit(clause: Clause, heads: Sequence[Word]) -> Clause:
    """Return the clause with the verb of the one before: "draw a cat" lends "draw" to "a dog"."""
    return replace(clause, words=(*heads, *clause.words), statement=False)

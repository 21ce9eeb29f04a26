"""The question that a wish asks: quoted, heard, told earlier, or the clause itself."""

from __future__ import annotations

import re

from core.controllers.rules.wiring.desk import listed
from core.controllers.rules.wiring.making import Making
from core.controllers.rules.wishing.intent import Intent
from core.types import Json, Kind

_VOICED = frozenset({"automatic-speech-recognition", "translation"})
_KNOWING = frozenset(
    {"know", "tell", "see", "check", "determine", "find out", "understand", "learn", "let me know", "want", "me", "us"}
)
_PREPOSITION = re.compile(r"\b(?:in|at|on|by|for|from|to|of|with|under|until|since) $", re.IGNORECASE)
"""Belongs to the question word behind it: "in which city"."""


def question(making: Making, intent: Intent) -> Json:
    """Return the question to ask."""
    if intent.task == "@detail":
        return "What does this picture show?"
    asked = [text for text in intent.quotes if text.endswith("?")] or (
        intent.quotes if intent.clause.has("QUESTION") else []
    )
    if asked:
        return asked[0]
    if _asks_itself(intent):
        return _clause(making, intent)
    return _heard(making) or _told(making, intent) or _transcribed(making) or _clause(making, intent) or None


def _asks_itself(intent: Intent) -> bool:
    """Whether the clause holds the question: "who signed it?", "the due date on this bill"."""
    if intent.clause.asks:
        return True
    after = intent.clause.words[intent.head + 1 :]
    names = any(word.means("WH") or word.means("NOUN") for word in after)
    return names and not intent.clause.has("QUESTION", "ANSWERS")


def _heard(making: Making) -> Json:
    """Return a result that is a question."""
    voiced = next((thing for thing in reversed(making.desk.made) if "QUESTION" in thing.names), None)
    return listed(voiced.refs) if voiced else None


def _told(making: Making, intent: Intent) -> str | None:
    """Return the newest question told before the clause, else the first one told at all."""
    told = [passage for passage in making.desk.passages if passage.question]
    before = [passage.text for passage in told if passage.start < intent.clause.end]
    return before[-1] if before else told[0].text if told else None


def _transcribed(making: Making) -> Json:
    newest = making.desk.newest((Kind.TEXT,))
    return listed(newest.refs) if newest and newest.task in _VOICED else None


def _clause(making: Making, intent: Intent) -> str:
    """Return the clause as a question, without "tell me"."""
    words, text, end = intent.clause.words, making.text, intent.clause.end
    while len(words) > 1 and words[0].low in _KNOWING:
        words = words[1:]
    opens = words[0].means("WH") or words[0].means("AUX")
    start = intent.clause.whole if intent.clause.asks and not opens else words[0].start
    if words[0].means("WH") and (before := _PREPOSITION.search(text[max(0, start - 10) : start])):
        start -= len(before.group())
    return text[start : end + (text[end : end + 1] == "?")].strip(" ,;:")

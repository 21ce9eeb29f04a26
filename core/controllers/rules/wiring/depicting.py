"""What a new or changed picture shall show, in the words of the wish."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.controllers.rules.data import little
from core.controllers.rules.reading.vocabulary import is_verb
from core.controllers.rules.reading.word import Word
from core.controllers.rules.wishing.intent import Intent

_OF = frozenset(little.OF.split())
_BASED = frozenset({"based", "based on", "on", "me", "called"})
_MANY = re.compile(
    r"\b(?:both|all|each|these|those|the (?:two|three|four)|its|of (?:them|these|those))\b"
    r"(?! (?:sides?|edges?|corners?)) ?",
    re.IGNORECASE,
)
_PLURAL = re.compile(r"\b(picture|image|photo|pic|photograph)s\b", re.IGNORECASE)


def depicted(intent: Intent, text: str) -> str:
    """Return what a picture or video shall show: what follows "of" behind the noun, else what follows the verb."""
    words = intent.clause.words
    noun = next((at for at in intent.used if words[at].means("IMAGE") or words[at].means("VIDEO")), None)
    if noun is None and not words[intent.head].means("DRAW"):
        return _slice(words[intent.used[-1] + 1 :], text) or _sounding(words[intent.head :], text)
    after = words[(noun if noun is not None else intent.head) + 1 :]
    while after and (after[0].low in _OF or after[0].kind == "mark" or after[0].low in _BASED):
        after = after[1:]
    if not after and noun is not None:
        after = tuple(word for word in words[intent.head + 1 : noun] if not word.means("NEW"))
    return _slice(after, text)


def _sounding(words: Sequence[Word], text: str) -> str:
    """Return what follows the verb where the noun comes last: "make some calm piano music"."""
    return _slice(words[1:], text) if is_verb(words[0]) else ""


def one_picture(wish: str) -> str:
    """Return an edit as it is wished of one picture: each of "both pictures" is edited by itself."""
    wish = re.sub(r"^(?:like|want|need|love)\s+", "", wish)
    return " ".join(_PLURAL.sub(r"\1", _MANY.sub("the ", wish)).replace("the the ", "the ").split())


def steered(intent: Intent, text: str) -> str:
    """Return what a controlled picture shall show: between the verb that makes it and what steers it."""
    words = intent.clause.words
    verbs = [at for at in intent.used if words[at].means("DRAW") or words[at].means("GENERATE")]
    start = verbs[-1] + 1 if verbs else intent.used[-1] + 1
    part = words[start : _link(words, start, intent.used[-1])]
    while part and (part[0].means("IMAGE") or part[0].low in _OF or (len(part) > 2 and part[1].means("IMAGE"))):
        part = part[1:]
    return _slice(part, text) or _slice(words[start:], text)


def _link(words: Sequence[Word], start: int, steer: int) -> int:
    """Return where "in", "from" or "with" leads over to what steers the picture."""
    if steer < start:
        return len(words)
    links = [at for at in range(start, steer) if any(words[at].means(name) for name in ("FROM", "TO", "with"))]
    return links[-1] if links else steer


def _slice(words: Sequence[Word], text: str) -> str:
    return text[words[0].start : words[-1].end].strip(" .,;:") if words else ""

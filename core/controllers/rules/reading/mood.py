"""Tells statements, refusals and questions from wishes by how they begin."""

from __future__ import annotations

from collections.abc import Sequence

from core.controllers.rules.data import little
from core.controllers.rules.reading.vocabulary import is_verb
from core.controllers.rules.reading.word import Word

_HAVE = frozenset(little.HAVE.split())

WISH = frozenset(little.WISH.split())

_DECLINING = frozenset(little.DECLINE.split())


_ALTHOUGH = ("why", "you")
"""Open a question or a wish although a negation follows: "why doesn't", "you can't"."""

_BEGINNINGS = (
    ["i", "am"],
    ["we", "are"],
    ["there", "is"],
    ["this", "is"],
    ["this", "will"],
    ["it", "will"],
    ["my", "question"],
    ["the", "question"],
    ["it", "contains"],
    ["the", "text"],
    ["it", "is"],
    ["user", "has"],
)
_GROUNDS = ("based", "using", "according", "with")


def asks(words: Sequence[Word]) -> bool:
    """Whether words begin as a question."""
    if len(words) > 1 and words[0].means("FROM") and words[1].means("WH"):
        return True  # "in which city"
    return bool(words) and any(words[0].means(name) for name in ("WH", "AUX", "HOWMANY"))


def declined(part: Sequence[Word]) -> bool:
    """Whether a part says what shall not be done: "don't say it", "no summary"."""
    opening = [word.low for word in part[:2]]
    pairs = (["no", "need"], ["do", "not"], ["that's", "what"], ["rather", "than"])
    nothing = opening[:1] == ["no"] and len(part) > 1 and part[1].kind == "word" and not is_verb(part[1])
    return nothing or (bool(opening) and (opening[0] in _DECLINING or opening in pairs))


def enables(opening: Sequence[str]) -> bool:
    """Whether a part says what something is for: "so that I can count them"."""
    return opening[:2] in (["i", "can"], ["we", "can"])


def tells(part: Sequence[Word]) -> bool:
    """Whether a part is a statement: it tells what there is, or what something is based on."""
    opening = [word.low for word in part[:5]]
    grounds = opening[0] in _GROUNDS and len(part) < 8 and any(word.kind == "quote" for word in part)
    return grounds or _denies(opening) or _begins(opening)


def _denies(opening: Sequence[str]) -> bool:
    negated = any(word.endswith(("n't", "n’t")) or word == "cannot" for word in opening[1:])
    return negated and opening[0] not in _ALTHOUGH


def _begins(opening: Sequence[str]) -> bool:
    if opening[0] in ("i", "i've", "we", "we've") and any(word in _HAVE for word in opening[1:4]):
        return True
    if opening[0] == "my" and any(word in ("is", "are", "was", "has", "contains") for word in opening[1:4]):
        return True
    alone = ("it's", "i'm", "we're", "given", "here", "here's", "suppose", "consider", "attached")
    return opening[0] in alone or opening[:2] in _BEGINNINGS


def goes_on(part: Sequence[Word], rest: Sequence[Word]) -> bool:
    """Whether a part goes on telling: "and a document that may hold the answer", "where I give a speech"."""
    if {word.low for word in part[:5]} & WISH:
        return False
    if any(word.kind == "file" for word in part) and all(word.kind in ("mark", "file") for word in part):
        return True
    if len(part) < 3 and not any(is_verb(word) or word.low in ("please", "pls") for word in part):
        return True
    return _relative(part[0]) or part[0].kind in ("quote", "file") or (part[0].means("NEW") and not _wants(rest))


def _relative(word: Word) -> bool:
    participle = word.low.endswith("ing") and is_verb(word) and not word.means("SAY")
    return participle or word.low in ("where", "which", "who", "whose", "that", "when", "in")


def _wants(words: Sequence[Word]) -> bool:
    return any(word.means("WANT") for word in words)

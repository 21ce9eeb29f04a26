"""Texts that stand in a clause without quotation marks: the words to say, to translate, to write on a picture."""

from __future__ import annotations

from collections.abc import Sequence

from core.controllers.rules.reading.vocabulary import is_verb, polite, vocabulary
from core.controllers.rules.reading.word import Word
from core.controllers.rules.wishing.intent import Intent

_VOICING = ("SAY", "PRONOUNCE")
_FRAME = frozenset({"the", "this", "these", "following", "single", "my", "our"})
_FRAMED = frozenset(
    {"word", "words", "phrase", "sentence", "sentences", "text", "line", "message", "name", "term", "expression",
     "slogan", "title", "caption", "tagline"}
)  # fmt: skip
_MANNER = frozenset({"slowly", "slow", "quickly", "fast", "clearly", "please", "pls", "plz", "now", "then"})
_TOWARDS = frozenset({"me", "us", "everyone", "her", "him", "them"})


def spoken(intent: Intent, text: str) -> str | None:
    """Return the words to say or to translate; None where the clause only points to them."""
    words = intent.clause.words
    heads = [at for at in range(intent.head, len(words)) if _voices(words[at])]
    at = heads[0] if heads else intent.head
    if words[at].means("READ"):
        return None
    ends = [used for used in intent.used if used > at and words[used].means("TO")]
    if not heads and not ends and len(intent.used) > 2:
        return None
    return _text(words[at + 1 : ends[0] if ends else None], text)


def _voices(word: Word) -> bool:
    return any(word.means(name) for name in _VOICING) or word.low in ("says", "saying")


def _text(words: Sequence[Word], text: str) -> str | None:
    inner, framed = _unframed(words)
    inner = _without_manner(inner)
    if not inner or not (framed or _is_text(inner)):
        return None
    return text[inner[0].start : inner[-1].end].strip(" .,;:")


def _unframed(words: Sequence[Word]) -> tuple[Sequence[Word], bool]:
    """Take away "to me", marks, and "the word" before a word; tell whether the latter was there."""
    while words and (words[0].kind == "mark" or words[0].low in _TOWARDS or words[0].low in ("to", "out")):
        words = words[1:]
    at = 0
    while at < len(words) and words[at].low in _FRAME:
        at += 1
    if at < len(words) - 1 and words[at].low in _FRAMED and not words[at + 1].means("FROM"):
        return words[at + 1 :], True
    return words, False


def _without_manner(words: Sequence[Word]) -> Sequence[Word]:
    """Take away how it shall be said: "aloud", "in French", "with a Spanish voice", "slowly", "to me", "please"."""
    while words:
        last = words[-1]
        voice = last.means("LANG") or last.low in ("voice", "accent", *_TOWARDS)
        if last.kind == "mark" or last.means("ALOUD") or last.low in _MANNER:
            words = words[:-1]
        elif voice and (cut := _linked(words)):
            words = words[:cut]
        else:
            break
    return words


def _linked(words: Sequence[Word]) -> int:
    """Return where the preposition of the last words stands, at most three words before the end; 0 for nowhere."""
    for at in range(len(words) - 2, max(len(words) - 5, 0), -1):
        if words[at].low in ("in", "with", "to", "for", "into", "using"):
            return at
    return 0


def _is_text(words: Sequence[Word]) -> bool:
    """Whether words are a text, and not a description of one."""
    first = words[0]
    pointing = any(first.means(name) for name in ("DEF", "IT", "TEXTY", "WH", "FROM", "TO"))
    pointing = pointing or (
        first.means("NEW") and any(words[-1].means(name) for name in ("REPLY", "SPEECH"))
    )  # "a spoken answer"
    return not pointing and any(word.means("NOUN") or word.means("PLURAL") for word in words)


def foreign(intent: Intent) -> bool:
    """Whether "say 'guten Morgen' in German" quotes what is in that language already: no word of it is known here."""
    words = intent.clause.words
    if intent.clause.asks or not words[intent.head].means("SAY"):
        return False
    quoted = " ".join(word.text for word in words if word.kind == "quote").lower().split()
    return len(quoted) > 1 and not any(word.strip(".,!?") in vocabulary().words or word in polite() for word in quoted)


def written(intent: Intent, text: str) -> str | None:
    """Return what is to stand on a picture: what is in capitals, else what stands between "write" and "on it"."""
    return _capitals(intent.clause.words, text) or _before_place(intent, text)


def _capitals(words: Sequence[Word], text: str) -> str:
    """Return the first run of words in capitals, as written; "I" and "A" may stand in it."""
    run: list[Word] = []
    for word in words:
        if word.means("SHOUT") or word.text in ("I", "A"):
            run.append(word)
        elif run and any(one.means("SHOUT") for one in run):
            break
        elif word.kind != "mark":
            run = []
    return text[run[0].start : run[-1].end] if any(word.means("SHOUT") for word in run) else ""


def _before_place(intent: Intent, text: str) -> str | None:
    heads = [at for at in intent.used if is_verb(intent.clause.words[at])]
    words, _ = _unframed(intent.clause.words[(heads[-1] if heads else intent.head) + 1 :])
    part: list[Word] = []
    for word in words:
        leads = word.means("FROM") or word.low in ("onto", "over", "across", "to", "into")
        if part and leads and word.text[0].islower():
            break
        part.append(word)
    pointing = part and any(part[0].means(name) for name in ("DEF", "IT", "NEW", "TEXTY", "FROM", "WH"))
    content = part and (any(word.means("NOUN") for word in part) or not pointing)
    return text[part[0].start : part[-1].end].strip(" .,") if content else None

"""Cuts a sentence into parts: at commas and joints, before questions, before what shall be left undone."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from core.controllers.rules.reading.mood import asks
from core.controllers.rules.reading.vocabulary import is_verb
from core.controllers.rules.reading.word import Word

_JOINTS = frozenset({"and", "then", "while", "but", "also", "plus", "&", "afterwards", "finally", "before"})


def parts(words: Sequence[Word], glued: Collection[int]) -> Iterator[list[Word]]:
    """Cut a sentence; ``glued`` are the places of commas and joints that belong to a list."""
    part: list[Word] = []
    for at, word in enumerate(words):
        dropped = (_parts_here(words, at) and at not in glued) or _relates(words, at)
        if part and (dropped or _opens(words, at, part)):
            yield part
            part = []
        if not dropped:
            part.append(word)
    if part:
        yield part


def _opens(words: Sequence[Word], at: int, part: Sequence[Word]) -> bool:
    """Whether a word opens a part of its own: a question behind a quote, what is declined, what comes before."""
    question = words[at].means("WH") or words[at].means("AUX")
    if question and part[-1].kind == "quote" and not asks(part) and _goes_on(words, at):
        return True
    return _declines(words, at) or _begins_after(words, at)


def _goes_on(words: Sequence[Word], at: int) -> bool:
    """Whether a word is not the last one, as in "how similar 'A' and 'B' are."."""
    return any(word.kind != "mark" for word in words[at + 1 : at + 3])


def _relates(words: Sequence[Word], at: int) -> bool:
    """Whether "that I want" begins here."""
    if words[at].low not in ("that", "which") or at + 2 >= len(words):
        return False
    return words[at + 1].low in ("i", "i'd", "needs", "should")


def _parts_here(words: Sequence[Word], at: int) -> bool:
    """Whether a word stands between two clauses. A colon before a quote or behind "format" does not part them."""
    word = words[at]
    if word.text == "," and _names_file(words, at):
        return False
    if word.text == ":":
        quoted = at + 1 < len(words) and words[at + 1].kind in ("quote", "file")
        return not quoted and not (at and words[at - 1].low in ("format", "language", "position"))
    return (word.text in ",-–—" and word.kind == "mark") or (word.kind == "word" and word.low in _JOINTS)


def _names_file(words: Sequence[Word], at: int) -> bool:
    """Whether a comma belongs to a name put in: "my recording, talk.wav, as text"."""
    inside = words[at + 1 : at + 3] if at + 2 < len(words) else ()
    opens = len(inside) == 2 and inside[0].kind == "file" and inside[1].text == ","
    closes = at > 1 and words[at - 1].kind == "file" and words[at - 2].text == ","
    return (opens or closes) and words[0].kind != "file"


def _declines(words: Sequence[Word], at: int) -> bool:
    """Whether what shall not be done begins here: "listen to it instead of reading it"."""
    pair = [word.low for word in words[at : at + 2]]
    return pair in (["instead", "of"], ["rather", "than"]) or (pair[0] == "without" and pair[-1].endswith("ing"))


def _begins_after(words: Sequence[Word], at: int) -> bool:
    """Whether "after making it bigger" begins here."""
    after = words[at + 1] if at + 1 < len(words) else None
    return words[at].low == "after" and after is not None and after.low.endswith("ing") and is_verb(after)


def afterwards(parts: list[list[Word]]) -> list[list[Word]]:
    """Put "after making it bigger" before what shall be done then."""
    for at in range(len(parts) - 1):
        words = parts[at + 1]
        if words[0].low == "after" and len(words) > 2 and words[1].low.endswith("ing") and at == len(parts) - 2:
            return [*parts[:at], words[1:], parts[at]]
    return parts

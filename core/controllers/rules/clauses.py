"""Cuts the words of a request into clauses: one wish, one question or one statement each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from core.controllers.rules.reading import Word, polite, vocabulary

_STOPS = frozenset(".!?;…")
_JOINTS = frozenset({"and", "then", "while", "but", "also", "plus", "&", "afterwards", "finally", "before"})
_HAVE = frozenset(
    [
        "have",
        "has",
        "got",
        "given",
        "here",
        "here's",
        "attached",
        "there",
        "attaching",
        "is",
        "provided",
        "recorded",
        "took",
        "suppose",
        "consider",
    ]
)
_WISH = frozenset(
    [
        "want",
        "need",
        "needs",
        "like",
        "love",
        "wish",
        "please",
        "can",
        "could",
        "would",
        "help",
        "wants",
        "let's",
        "let",
    ]
)
_CHOICES = frozenset({"between", "among", "labels", "categories", "classes", "options"})
_BETWEEN = frozenset({"as", "into", "between", "among", "labels", "categories", "classes", "options", ":"})


@dataclass(frozen=True, slots=True)
class Clause:
    """A run of words between two joints."""

    words: tuple[Word, ...]  # words of politeness at the start are gone
    sentence: int
    statement: bool = False  # "I have a picture ...": tells, wishes nothing
    asks: bool = False  # starts as a question
    after: bool = False  # "after enhancing it, ...": tells again what was wished for
    whole: int = 0  # offset of the first word, politeness included
    labels: tuple[str, ...] = ()  # "a cat, a dog or a horse"

    @property
    def start(self) -> int:
        """Offset of the first word in the request."""
        return self.words[0].start if self.words else 0

    @property
    def end(self) -> int:
        """Offset behind the last word in the request."""
        return max((word.end for word in self.words), default=0)

    def has(self, *names: str) -> bool:
        """Whether a word carries one of the concepts."""
        return any(word.means(name) for word in self.words for name in names)


def cut(text: str, words: Sequence[Word]) -> list[Clause]:
    """Return the clauses of a request in order."""
    found: list[Clause] = []
    for number, sentence in enumerate(_sentences(text, words)):
        marked, labels, glued = _lists(sentence)
        parts = _afterwards(list(_parts(marked, glued)))
        told = False  # the sentence began as a statement
        for part in parts:
            clause = _clause(part, number)
            if told and _goes_on(part, clause):
                clause = replace(clause, statement=True, asks=False)
            if found and found[-1].statement and found[-1].sentence == number and _relates(text, part[0]):
                clause = replace(clause, words=(*clause.words, *_antecedent(found[-1])))
            told = clause.statement
            clause, wish = _told_wish(clause)
            if wish.words:
                found.append(clause)
                clause = wish
            if clause.words:
                own = labels if clause.has("LABELS") else ()
                found.append(replace(clause, labels=tuple(own)))
    return found


def _afterwards(parts: list[list[Word]]) -> list[list[Word]]:
    """Put "after making it bigger" before what shall be done then."""
    for at in range(len(parts) - 1):
        words = parts[at + 1]
        if words[0].low == "after" and len(words) > 2 and words[1].low.endswith("ing") and at == len(parts) - 2:
            return [*parts[:at], words[1:], parts[at]]
    return parts


def _sentences(text: str, words: Sequence[Word]) -> Iterator[list[Word]]:
    current: list[Word] = []
    for number, word in enumerate(words):
        if current and "\n" in text[current[-1].end : word.start]:
            yield current
            current = []
        if word.kind == "mark" and word.text in _STOPS:
            if current:
                yield [*current, word]
            current = []
        elif _numbers_step(word, current):
            if current:
                yield current
            current = []
        else:
            current.append(word)
            if word.kind == "quote" and word.text.endswith((".", "!", "?")) and _begins(words, number + 1):
                yield current
                current = []
    if current:
        yield current


def _begins(words: Sequence[Word], at: int) -> bool:
    """Whether a sentence begins here: with a capital, after a quote that ends as a sentence does."""
    return at < len(words) and words[at].kind == "word" and words[at].text[:1].isupper()


def _numbers_step(word: Word, current: Sequence[Word]) -> bool:
    """Whether ``word`` closes the number of a step, "1)"; takes the number away."""
    if word.text != ")" or not current or current[-1].kind != "number" or len(current[-1].text) > 2:
        return False
    if isinstance(current, list):
        current.pop()
        if current and current[-1].text == "(":
            current.pop()
    return True


def _lists(words: Sequence[Word]) -> tuple[list[Word], list[str], set[int]]:
    """Find "A, B or C": the words with the joint marked LABELS, the labels, and the commas that belong to the list."""
    marked = list(words)
    for at, word in enumerate(words):
        listing = word.low == "or" or (word.low == "and" and _offered_between(words, at))
        if listing and 0 < at < len(words) - 1:
            items, glued = _items(words, at)
            if len(items) > 1:
                marked[at] = replace(word, concepts=word.concepts | {"LABELS"})
                return marked, items, glued
    return marked, [], set()


def _offered_between(words: Sequence[Word], at: int) -> bool:
    return any(word.low in _CHOICES for word in words[max(0, at - 12) : at])


def _items(words: Sequence[Word], joint: int) -> tuple[list[str], set[int]]:
    glued = {joint}
    last = _until(words, joint + 1)
    items = [last]
    at = joint - 1
    if words[at].text == ",":
        glued.add(at)
        at -= 1
    item: list[Word] = []
    while at >= 0 and len(item) < 4:
        word = words[at]
        if word.text == ",":
            items.insert(0, _name(item))
            glued.add(at)
            item = []
        elif word.low == "as" and at and words[at - 1].low == "such":
            return [], set()
        elif word.low in _BETWEEN or word.means("AUX") or word.means("WH") or word.means("IT") or word.kind == "mark":
            break
        else:
            item.insert(0, word)
            if word.low in ("a", "an"):
                if at and words[at - 1].text == ",":
                    at -= 1
                    continue
                break
        at -= 1
    if item:
        items.insert(0, _name(item if item[0].low in ("a", "an") or len(glued) > 1 or at < 0 else item[-1:]))
    return [item for item in items if item], glued


def _until(words: Sequence[Word], start: int) -> str:
    part: list[Word] = []
    for word in words[start : start + 4]:
        if word.kind == "mark" or (part and word.means("FROM")):
            break
        part.append(word)
    return _name(part)


def _name(words: Sequence[Word]) -> str:
    return " ".join(word.text for word in words if word.low not in ("a", "an", "the"))


def _parts(words: Sequence[Word], glued: set[int]) -> Iterator[list[Word]]:
    """Cut a sentence at commas and joints, and before "that I want"."""
    part: list[Word] = []
    for at, word in enumerate(words):
        joint = _parts_here(words, at)
        relative = (
            word.low in ("that", "which")
            and at + 2 < len(words)
            and words[at + 1].low in ("i", "i'd", "needs", "should")
        )
        asks = bool(part) and part[-1].kind == "quote" and (word.means("WH") or word.means("AUX")) and not _asks(part)
        if asks:
            yield part
            part = [word]
        elif (joint and at not in glued) or relative:
            if part:
                yield part
            part = []
        elif part and (_declines(words, at) or _begins_after(words, at)):
            yield part
            part = [word]
        else:
            part.append(word)
    if part:
        yield part


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


def _parts_here(words: Sequence[Word], at: int) -> bool:
    """Whether a word stands between two clauses. A colon before a quote or behind "format" does not part them."""
    word = words[at]
    if word.text == "," and _names_file(words, at):
        return False
    if word.text == ":":
        quoted = at + 1 < len(words) and words[at + 1].kind == "quote"
        return not quoted and not (at and words[at - 1].low in ("format", "language", "position"))
    return (word.text in ",-–—" and word.kind == "mark") or (word.kind == "word" and word.low in _JOINTS)


def _clause(part: Sequence[Word], sentence: int) -> Clause:
    opening = [word.low for word in part[:5]]
    wishes = any(word in _WISH for word in opening)
    grounds = opening[:1] in (["based"], ["using"], ["according"], ["with"]) and len(part) < 8
    quoted = any(word.kind == "quote" for word in part)
    statement = _declined(opening) or (not wishes and (_tells(opening) or (grounds and quoted)))
    rest = list(part)
    while (
        rest and ((rest[0].kind == "word" and rest[0].low in polite()) or rest[0].kind == "mark") and not _keeps(rest)
    ):
        rest = rest[1:]
    again = opening[:1] in (["after"], ["once"], ["when"], ["upon"]) and sentence > 0
    return Clause(tuple(rest), sentence, statement, not statement and _asks(rest), again, whole=part[0].start)


def _relates(text: str, word: Word) -> bool:
    """Whether "that" or "which" stands before a word."""
    return bool(re.search(r"\b(?:that|which)\s+$", text[max(0, word.start - 10) : word.start]))


def _antecedent(clause: Clause) -> tuple[Word, ...]:
    """Return the noun that a relative clause speaks of: the last one told."""
    things = [word for word in clause.words if any(word.means(name) for name in _THINGS)]
    return tuple(things[-1:])


_THINGS = ("TEXT", "TEXTY", "IMAGE", "AUDIO", "VIDEO", "TABLE", "DOC")


def _told_wish(clause: Clause) -> tuple[Clause, Clause]:
    """Cut "I have a recording to transcribe" into what is told and what is wished."""
    negated = any(word.low.endswith(("n't", "n’t")) or word.low in _NEGATIONS for word in clause.words)
    for at, word in enumerate(clause.words[:-1]):
        if clause.statement and not negated and word.low == "to" and at and is_verb(clause.words[at + 1]):
            return replace(clause, words=clause.words[:at]), replace(
                clause, words=clause.words[at + 1 :], statement=False
            )
    return clause, replace(clause, words=())


_DECLINING = frozenset(
    ["didn't", "don't", "couldn't", "doesn't", "not", "never", "without", "instead", "leave", "ignore", "skip"]
)
"""Open a clause that says what shall not be done."""

_NEGATIONS = frozenset({"no", "not", "never", "cannot", "hardly", "too", "nothing", "unable"})


def is_verb(word: Word) -> bool:
    """Whether a word can head a clause."""
    return bool(word.concepts & vocabulary().verbs) and not word.past


def _goes_on(part: Sequence[Word], clause: Clause) -> bool:
    """Whether a part goes on telling: "and a document that may hold the answer", "where I give a speech"."""
    opening = {word.low for word in part[:5]}
    if opening & _WISH or not clause.words:
        return False
    if any(word.kind == "file" for word in part) and all(word.kind in ("mark", "file") for word in part):
        return True
    relative = part[0].low in ("where", "which", "who", "whose", "that", "when", "in")
    relative = relative or (part[0].low.endswith("ing") and is_verb(part[0]) and not part[0].means("SAY"))
    return relative or (part[0].means("NEW") and not clause.has("WANT")) or part[0].kind in ("quote", "file")


def _asks(words: Sequence[Word]) -> bool:
    if len(words) > 1 and words[0].means("FROM") and words[1].means("WH"):
        return True  # "in which city"
    return bool(words) and (words[0].means("WH") or words[0].means("AUX"))


def _declined(opening: Sequence[str]) -> bool:
    """Whether a part says what shall not be done."""
    pairs = (["no", "need"], ["do", "not"], ["that's", "what"], ["rather", "than"])
    return opening[:1] != [] and (opening[0] in _DECLINING or opening[:2] in pairs)


def _tells(opening: Sequence[str]) -> bool:
    if not opening:
        return False
    if any(word.endswith(("n't", "n’t")) or word == "cannot" for word in opening[1:]) and opening[0] not in (
        "why",
        "you",
    ):
        return True
    if opening[0] in ("i", "i've", "we", "we've") and any(word in _HAVE for word in opening[1:4]):
        return True
    if opening[0] in ("i'm", "we're") or opening[:2] in (["i", "am"], ["we", "are"]):
        return True
    return opening[0] in ("given", "here", "here's", "suppose", "consider", "attached") or opening[:2] in (
        ["there", "is"],
        ["this", "is"],
        ["my", "question"],
        ["the", "question"],
        ["it", "contains"],
        ["the", "text"],
        ["it", "is"],
        ["user", "has"],
    )


def _keeps(rest: Sequence[Word]) -> bool:
    """Whether a word of politeness is the wish itself here: "to French", "I want a summary"."""
    if len(rest) < 2:
        return False
    if rest[0].low in ("want", "need", "like", "love"):
        return rest[1].low not in ("to", "you", "help", "your", "some help") and rest[1].kind == "word"
    if rest[0].low in ("first", "second", "third") and any(rest[1].means(name) for name in _THINGS):
        return True
    aim = any(word.means(name) for word in rest[1:3] for name in ("LANG", "AFORMAT", "VFORMAT"))
    return rest[0].low in ("to", "as", "into", "in") and aim

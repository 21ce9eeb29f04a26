"""Labels on a form and the values that belong to them, by where they stand."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.language.words import words
from core.reading.layout import rows
from core.reading.line import Line

LABEL_WORDS = 5  # a label is short
LOOSE_WORDS = 8  # and so is a line that holds a label and its value without anything between them
MISREAD = 0.75  # likeness of a word with a wrong letter
RUN_TOGETHER = 0.9  # likeness of labels without their blanks
NEAR = 8.0  # line heights to the right: what is further away may belong to something else
BELOW = 2.5  # line heights: a value further down belongs to another label

_NUMBER_WORDS = re.compile(r"#|№|n[°º]|\b(?:no|nr|num|numero|numéro|nummer|id)\b\.?")
_SUBTOTAL = re.compile(r"\bsub[\s-]+total\b")
_CURRENCY = re.compile(r"[$€£¥₹]|\b(?:eur|usd|gbp|chf|cad|aud|jpy|inr|in euros?|in dollars?)\b")
_SMALL_WORDS = re.compile(r"\b(?:of|the|a|an|for|your|our|this|is|de|la|der|die|das)\b")
_NO_LETTERS = re.compile(r"[^\w]+|_+")
_OPPOSED = frozenset(  # words that turn a label into another one
    words(
        "sub subtotal net tax vat gst discount items item qty quantity paid change previous before excluding excl "
        "tips tip saved savings shipping rounding cash hours pages old page points ht netto"
    )
)


@dataclass(frozen=True, slots=True)
class Pair:
    """A label with a value beside or below it."""

    label: str  # see :func:`plain`
    value: str  # the next piece of text
    row: str  # all that follows on the line, pieces parted by two blanks
    nearness: float  # from 0 to 1: how surely the place of the value says that it belongs to the label
    lines: tuple[Line, ...]  # the label's and the value's
    loose: bool = False  # the value follows its label without a colon or a gap
    below: bool = False  # the value stands under its label


def plain(label: str) -> str:
    """Return a label without case, punctuation, currency and small words; "Invoice No." is "invoice number"."""
    text = unicodedata.normalize("NFKC", label).lower()
    text = _SUBTOTAL.sub("subtotal", text)
    for pattern, replacement in (
        (_NUMBER_WORDS, " number "),
        (_CURRENCY, " "),
        (_SMALL_WORDS, " "),
        (_NO_LETTERS, " "),
    ):
        text = pattern.sub(replacement, text)
    return " ".join(text.split())


def likeness(label: str, wanted: str) -> float:
    """Return from 0 to 1 how well ``label`` says ``wanted``; both as :func:`plain` returns them.

    Misread letters and another order of words are forgiven; a further word that changes the meaning is not.
    """
    has, wants = set(label.split()), set(wanted.split())
    if label == wanted:
        return 1.0
    if (has - wants) & _OPPOSED:
        return 0.0
    if wants < has and len(has) - len(wants) <= 2:
        return 0.85 - 0.05 * (len(has) - len(wants))
    return _misread(label, wanted)


def _misread(label: str, wanted: str) -> float:
    """Compare letter by letter: as a whole, where blanks were lost, and word by word, where their order differs."""
    from rapidfuzz import fuzz

    whole = fuzz.ratio(label.replace(" ", ""), wanted.replace(" ", "")) / 100
    if whole >= RUN_TOGETHER:
        return float(whole)
    if not label or label.count(" ") != wanted.count(" "):
        return 0.0
    words_of_both = zip(sorted(label.split()), sorted(wanted.split()), strict=True)
    alike = [fuzz.ratio(one, other) / 100 for one, other in words_of_both]
    return float(sum(alike) / len(alike)) if min(alike, default=0.0) >= MISREAD else 0.0


def pairs(lines: Sequence[Line]) -> list[Pair]:
    """Return every label with every value that may belong to it."""
    found: list[Pair] = []
    for number in sorted({line.page for line in lines}):
        page = [line for line in lines if line.page == number]
        for row in rows(page):
            for place, line in enumerate(row):
                found.extend(_of(line, row[place + 1 :], page))
    return found


def _of(line: Line, right: Sequence[Line], page: Sequence[Line]) -> Iterator[Pair]:
    head, colon, tail = line.text.partition(":")
    if colon and tail.strip():
        row = _joined([tail.strip()], right)
        yield Pair(plain(head), tail.strip(), row, 1.0, (line,))
        return
    parts = head.split()
    if len(parts) <= LABEL_WORDS:
        yield from _around(line, plain(head), right, page, bool(colon))
    if len(parts) > LOOSE_WORDS:  # a sentence
        return
    for count in range(1, min(len(parts), LABEL_WORDS)):
        rest = " ".join(parts[count:])
        row = _joined([rest], right)
        yield Pair(plain(" ".join(parts[:count])), rest, row, 0.9, (line, *right), loose=True)


def _around(line: Line, label: str, right: Sequence[Line], page: Sequence[Line], colon: bool) -> Iterator[Pair]:  # noqa: FBT001
    sure = 0.03 if colon else 0.0
    if right:
        near = right[0].box.left - line.box.right < NEAR * line.box.height
        row = _joined([], right)
        yield Pair(label, right[0].text, row, (0.95 if near else 0.87) + sure, (line, *right))
    if below := _below(line, page):
        yield Pair(label, below.text, below.text, 0.85 + sure, (line, below), below=True)


def _joined(first: Sequence[str], rest: Sequence[Line]) -> str:
    return "  ".join((*first, *(line.text for line in rest)))


def _below(line: Line, page: Sequence[Line]) -> Line | None:
    """Return the nearest line under ``line`` that shares some of its width."""
    under = [
        other
        for other in page
        if other.box.middle > line.box.bottom
        and other.box.top - line.box.bottom < BELOW * line.box.height
        and other.box.over(line.box) > 0.3 * min(other.box.width, line.box.width)
    ]
    return min(under, key=lambda other: other.box.top, default=None)

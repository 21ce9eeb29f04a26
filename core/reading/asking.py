"""Answers to questions about a document: by its labels and values, by its layout, at last by its sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from core.language.answering import answer
from core.language.question import Question, understood
from core.language.sentences import sentences
from core.language.spans import Form, spans
from core.language.words import Stem, words
from core.reading.fields import PAPER, Field, field_for
from core.reading.labels import likeness, pairs, plain
from core.reading.layout import rows, text_of
from core.reading.line import Line
from core.reading.people import recipient, sender
from core.reading.values import value_of

ENOUGH = 0.6  # a pair below it says something else
EXACT = 0.95  # a label that goes over into its value must be the very words
WORD = 0.8  # weight of a label that is one word of several in the question
DOUBT = 0.6  # of a field's labels where the question names something the document does not speak of
RANK = 0.01  # how much less each further label of a field counts
UNLABELLED = 0.5  # what only its place on the page tells
BY_SENTENCE = 0.8  # sentences are less sure than labels
EVIDENCE = 5  # rows at most

_VAGUE = frozenset(
    words("ask asks demand demands money must need needs want wants really exactly actually printed shown")
)


@dataclass(frozen=True, slots=True)
class Finding:
    """An answer with the lines that show it; ``score`` from 0 to 1."""

    text: str
    score: float
    lines: tuple[Line, ...]


def ask(question: str, lines: Sequence[Line], stem: Stem) -> Finding | None:
    """Return what the document answers; None if it does not say."""
    asked, field = understood(question), field_for(question)
    form = field.form if field else asked.form
    own = _own_words(asked, field)
    return (
        _by_label(_own_labels(own), form, lines)
        or (_by_label(_field_labels(asked, field, own, lines), form, lines) if field else None)
        or _by_place(field, lines)
        or _by_sentence(asked, field, lines, stem)
    )


def _by_label(wanted: Sequence[tuple[str, float]], form: Form, lines: Sequence[Line]) -> Finding | None:
    """Return the value of the label that is most like one of ``wanted``, labels with their weights."""
    found = list(_values(wanted, form, lines)) if wanted and lines else []
    best = max(found, key=lambda finding: finding.score, default=None)
    return best if best and best.score >= ENOUGH else None


def _values(wanted: Sequence[tuple[str, float]], form: Form, lines: Sequence[Line]) -> Iterator[Finding]:
    bottom = max(line.box.bottom for line in lines)
    for pair in pairs(lines):
        called = {pair.label, pair.label.removesuffix(" name")} if form is Form.NAME else {pair.label}
        alike = max(likeness(name, label) * weight for label, weight in wanted for name in called)
        if pair.loose and form in (Form.NAME, Form.ANY) and alike < EXACT:
            continue
        if alike and (value := value_of(pair, form)):
            certainty = sum(line.score for line in pair.lines) / len(pair.lines)
            further_down = 0.01 * pair.lines[0].box.top / bottom  # sums come last
            yield Finding(value, min(1.0, alike * pair.nearness * certainty * (1 + further_down)), pair.lines)


def _own_labels(own: Sequence[str]) -> list[tuple[str, float]]:
    """Return labels in the words of the question: all of them together, else single ones, the first most likely."""
    whole = [(plain(" ".join(own)), 1.0)] if own else []
    single = [(plain(word), WORD - 0.05 * place) for place, word in enumerate(own[:3]) if len(own) > 1]
    return [(label, weight) for label, weight in whole + single if label]


def _field_labels(asked: Question, field: Field, own: Sequence[str], lines: Sequence[Line]) -> list[tuple[str, float]]:
    weight = 1.0 if not own or _meant(asked, field, own, lines) else DOUBT
    return [(label, weight - RANK * rank) for rank, label in enumerate(field.labels)]


def _own_words(asked: Question, field: Field | None) -> list[str]:
    """Return the words of the question that a label may have: "passenger name" of "what is the passenger's name?"."""
    known = PAPER | _VAGUE | (field.words if field else frozenset())
    asked_for = [word.removesuffix("'s").removesuffix("’s") for word in asked.keywords]
    return [word for word in asked_for if word not in known]


def _meant(asked: Question, field: Field, own: Sequence[str], lines: Sequence[Line]) -> bool:
    """Tell whether the field is meant although the question names something else: "How much does Acme charge?".

    It is where the document speaks of that thing, or where the question has a word that such labels have.
    """
    text = " ".join(line.text for line in lines).lower()
    of_labels = {word for label in field.labels for word in label.split()}
    return bool(of_labels.intersection(asked.keywords)) or any(word in text for word in own)


def _by_place(field: Field | None, lines: Sequence[Line]) -> Finding | None:
    """Find who wrote, who is written to, and the date of the document, without any label."""
    find = _PLACES.get(field.name) if field else None
    found = find(lines) if find else None
    return Finding(found[0], UNLABELLED * found[1].score, (found[1],)) if found else None


def _first_date(lines: Sequence[Line]) -> tuple[str, Line] | None:
    for line in lines:
        for span in spans(line.text, Form.DATE):
            if span[1] - span[0] >= len("1.2.2024"):
                return line.text[slice(*span)], line
    return None


_PLACES = {"sender": sender, "recipient": recipient, "date": _first_date}


def _by_sentence(asked: Question, field: Field | None, lines: Sequence[Line], stem: Stem) -> Finding | None:
    texts = list(dict.fromkeys([*_row_texts(lines), *sentences(text_of(lines))]))
    forms = (field.form, Form.DURATION) if field and field.name == "due" else (asked.form,)
    for form in forms:
        found = answer(replace(asked, form=form), texts, stem)
        if found:
            passage, score = found.passages[0]
            shown = [line for line in lines if found.text in line.text] or [
                line for line in lines if line.text in passage
            ]
            return Finding(found.text, score * BY_SENTENCE, tuple(shown[:EVIDENCE]))
    return None


def _row_texts(lines: Sequence[Line]) -> Iterator[str]:
    for page in sorted({line.page for line in lines}):
        for row in rows([line for line in lines if line.page == page]):
            yield " ".join(line.text for line in row)

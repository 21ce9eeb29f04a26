"""Answers taken from a text: the sentence that speaks of the question, and in it the words of the right form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.language.question import Question
from core.language.retrieval import Passage, retrieved
from core.language.spans import Form, spans
from core.language.words import Stem, words

ENOUGH = 0.4  # a sentence that holds less of the question's words does not speak of it
FORM_BONUS = 0.35  # what a span of the right form is worth beside the words
NEXT_SENTENCE = 0.6  # of its neighbour's share: what a sentence inherits that has the form but not the words
SPEAKS = 0.3  # share of a sentence that holds an e-mail address when one is asked for
PASSAGES = 5  # shown at most


@dataclass(frozen=True, slots=True)
class Answer:
    """The words that answer, and the sentences they were weighed among, best first, with scores from 0 to 1."""

    text: str
    passages: tuple[tuple[str, float], ...]


def answer(question: Question, texts: Sequence[str], stem: Stem) -> Answer | None:
    """Return the answer that ``texts`` (sentences in their order) give; None if they do not speak of it."""
    asked = {stem(word) for word in question.keywords}
    rated: list[tuple[float, str | None, str]] = []
    for passage in _with_neighbours(retrieved(question.keywords, texts, stem), texts) + _by_form(question, texts):
        span = _span(question, passage.text, asked, stem)
        rated.append((passage.share * (1 - FORM_BONUS) + (FORM_BONUS if span else 0.0), span, passage.text))
    rated.sort(key=lambda item: -item[0])
    if not rated or rated[0][0] < ENOUGH or (rated[0][1] is None and question.form in _STRICT):
        return None
    best: dict[str, float] = {}
    for score, _, text in rated:
        best.setdefault(text, round(score, 3))
    return Answer(rated[0][1] or rated[0][2], tuple(best.items())[:PASSAGES])


_STRICT = (Form.EMAIL, Form.ADDRESS, Form.PHONE, Form.AMOUNT, Form.DATE, Form.PERCENT, Form.NUMBER, Form.DURATION)
"""What has such a form looks like it: without it, the text does not say."""


def _with_neighbours(passages: list[Passage], texts: Sequence[str]) -> list[Passage]:
    """Add the sentence after each of the best: "Ada was a mathematician. She was born in 1815."."""
    known = {passage.number for passage in passages}
    extra = [
        Passage(texts[number], number, passage.score, passage.share * NEXT_SENTENCE)
        for passage in passages[:3]
        if (number := passage.number + 1) < len(texts) and number not in known
    ]
    return passages + extra


def _by_form(question: Question, texts: Sequence[str]) -> list[Passage]:
    """Return all texts with a span that only this form can have: nobody writes "e-mail address" before each one."""
    if question.form not in (Form.EMAIL, Form.ADDRESS, Form.PHONE):
        return []
    return [Passage(text, number, 0.0, SPEAKS) for number, text in enumerate(texts) if spans(text, question.form)]


def _span(question: Question, text: str, asked: set[str], stem: Stem) -> str | None:
    """Return the span of the right form that stands nearest to the words asked for."""
    if question.form is Form.ANY:
        return _definition(question, text)
    found = spans(text, question.form)
    if question.form is Form.AMOUNT and not found:
        found = spans(text, Form.NUMBER)
    if question.form is Form.NAME:
        found = _names(question, text, found)
    fresh = [span for span in found if not {stem(word) for word in words(text[slice(*span)])} & asked] or (
        found if question.form is Form.REASON else []
    )
    if question.form is Form.DURATION:  # "twice a day for a week": a day is no duration, where there is another one
        fresh = [span for span in fresh if not text[span[0] :].startswith(("a ", "an "))] or fresh
    if not fresh:
        return None
    places = [place.start() for place in re.finditer(r"[^\W_]+", text) if stem(place.group().lower()) in asked]
    nearest = min(fresh, key=lambda span: _distance(span, places, question.form))
    return text[slice(*nearest)].rstrip(".,;: ") or None


def _distance(span: tuple[int, int], places: Sequence[int], form: Form) -> float:
    """Rate by distance to the words asked for; what is counted or costs something mostly follows its number."""
    if not places:
        return span[0]
    return min(
        place - span[1] if place >= span[1] else (span[0] - place) * (2 if form is Form.NUMBER else 1)
        for place in places
    )


def _names(question: Question, text: str, found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Leave out words that are capital only because a sentence begins; of places, keep those after "in" or "to"."""
    inside = [span for span in found if span[0] > 0 or " " in text[slice(*span)] or not _common(text[slice(*span)])]
    if not question.place:
        return [span for span in inside if " " in text[slice(*span)]] or inside
    placed = [
        span
        for span in inside
        if re.search(r"\b(?:in|at|from|to|near|on|of)\s(?:the\s)?$", text[: span[0]], re.IGNORECASE)
    ]
    return placed or inside


def _common(word: str) -> bool:
    """Tell whether a single word at the start of a sentence is no name: pronouns, articles and the like."""
    return not words(word) or len(word) < 4 or word.lower() in _STARTERS


_STARTERS = frozenset(
    words(
        "after all also although another because before both during each every from have here however most many "
        "more much once only other over people some such that their them then there these they this those though "
        "three under until what when where which while with your"
    )
)


def _definition(question: Question, text: str) -> str | None:
    """Return what follows "X is" where X is all that is asked for."""
    subject = r"\W+(?:\w+\W+){0,2}?".join(map(re.escape, question.keywords)) or None
    match = subject and re.search(rf"\b{subject}\W+(?:is|are|was|were|means?)\s+([^.;!?]+)", text, re.IGNORECASE)
    return match.group(1).strip() if match else None

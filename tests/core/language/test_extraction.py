from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.language.extraction import Read, Span, found

TEXT = "Ada was born in London in 1815."
WORDS = [(0, 3), (4, 7), (8, 12), (13, 15), (16, 19), (19, 22), (23, 25), (26, 30), (30, 31)]  # "Lon", "don"


def read(starts: dict[int, float], ends: dict[int, float], first: int = 0, last: int = 9) -> Read:
    """Return a window of some words behind a mark for nothing and a question of one token; unnamed logits are 0."""
    offsets = [(0, 0), (0, 5), *WORDS[first:last], (0, 0)]
    inside = [False, False, *[True] * (last - first), False]

    def logits(named: dict[int, float]) -> list[float]:
        return [named.get(number, 0.0) for number in range(len(offsets))]

    return Read(offsets, inside, logits(starts), logits(ends), nothing=0)


def answers(windows: Sequence[Read]) -> list[str]:
    """Return the answers as words."""
    return [TEXT[span.start : span.end] for span in found(TEXT, windows, 5)]


def test_the_likeliest_span() -> None:
    """The best begin and the best end make the answer, and no end comes before its begin."""
    (best, *_) = found(TEXT, [read({6: 9.0}, {7: 9.0, 3: 20.0})], 5)
    assert best.end > best.start
    (best, *_) = found(TEXT, [read({6: 9.0}, {7: 9.0})], 5)
    assert (best.start, best.end) == (16, 22)
    assert best.score == pytest.approx(1, abs=0.01)


def test_half_a_word() -> None:
    """An answer that a model cuts within a word is made whole."""
    assert answers([read({6: 9.0}, {6: 9.0})])[0] == "London"


def test_the_question_is_no_answer() -> None:
    """Tokens that are not the text's own are never taken, however sure the model is."""
    assert answers([read({1: 50.0, 9: 5.0}, {1: 50.0, 9: 5.0})])[0] == "1815"


def test_nothing_in_any_window() -> None:
    """There is no answer where every window says so; one window that has it is enough."""
    nothing = read({0: 9.0}, {0: 9.0}, last=5)
    assert found(TEXT, [nothing, nothing], 5) == []
    assert answers([nothing, read({4: 9.0}, {4: 9.0}, first=5)])[0] == "1815"


def test_each_place_once() -> None:
    """What two windows share is one answer, with the better score."""
    sure, unsure = read({9: 9.0}, {9: 9.0}), read({4: 2.0}, {4: 2.0}, first=5)
    spans = found(TEXT, [unsure, sure], 50)
    assert spans[0] == max(spans, key=lambda span: span.score)
    assert len({(span.start, span.end) for span in spans}) == len(spans)


LOGITS = st.lists(st.floats(-50, 50), min_size=12, max_size=12)


@given(LOGITS, LOGITS)
def test_any_logits(starts: list[float], ends: list[float]) -> None:
    """Whatever a model says, answers lie within the text, are sorted, and have scores from 0 to 1."""
    window = read(dict(enumerate(starts)), dict(enumerate(ends)))
    spans: list[Span] = found(TEXT, [window], 5)
    assert all(0 <= span.start < span.end <= len(TEXT) and 0 <= span.score <= 1 for span in spans)
    assert spans == sorted(spans, key=lambda span: -span.score)

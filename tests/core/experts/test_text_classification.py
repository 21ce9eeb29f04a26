from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput, ExpertFailed
from core.executors.check import checked
from core.experts.text_classification import Vader, _scores
from tests.cards import card_of
from tests.steers import Steered


@pytest.fixture(scope="module")
def vader() -> Vader:
    """Load it once."""
    expert = Vader()
    expert.load()
    return expert


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("I love you", "positive"),
        ("This is not good.", "negative"),
        ("The food was great and the staff were very friendly!", "positive"),
        ("Worst film ever. I hated every minute.", "negative"),
        ("The meeting is at ten.", "neutral"),
        ("I don't think it's bad at all :)", "positive"),
        ("😀😀", "positive"),
        ("12345", "neutral"),
        ("I love this! The room had two beds. It was on the third floor. There was a desk.", "positive"),
        ("x" * 100_000, "neutral"),
        ("This is awful. " * 6_000, "negative"),
    ],
)
def test_sentiment(vader: Vader, text: str, label: str) -> None:
    """Clear cases are judged as a person would, short and long; the scores add up to 1, the label's is the highest."""
    outputs: Any = checked(card_of(Vader), vader.run({"text": text}, Steered()))
    assert outputs["label"] == outputs["scores"][0]["label"] == label
    assert sum(row["score"] for row in outputs["scores"]) == pytest.approx(1, abs=0.001)


def test_other_languages(vader: Vader) -> None:
    """A text in a language it does not know is refused, by name."""
    with pytest.raises(ExpertFailed, match="German"):
        vader.run({"text": "Das ist wirklich sehr schlecht."}, Steered())


@pytest.mark.parametrize("text", ["", " \n "])
def test_nothing_to_judge(vader: Vader, text: str) -> None:
    """An empty text gets a sentence."""
    with pytest.raises(BadInput, match="no text"):
        vader.run({"text": text}, Steered())


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=30))
def test_shares(ratings: list[float]) -> None:
    """Whatever the sentences feel, the shares are between 0 and 1, add up to 1 and are sorted."""
    shares = list(_scores(ratings).values())
    assert sum(shares) == pytest.approx(1)
    assert shares == sorted(shares, reverse=True)
    assert all(-1e-9 <= share <= 1 + 1e-9 for share in shares)

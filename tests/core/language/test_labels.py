import pytest

from core.errors import BadInput
from core.language.labels import MOST, choices, named


def test_names() -> None:
    """Classes keep their names; unnamed ones are numbered, or named by who knows them if the number fits."""
    assert named({1: "good", 0: "bad"}) == ["bad", "good"]
    assert named({0: "LABEL_0", 1: "LABEL_1"}) == ["class 0", "class 1"]
    assert named({0: "LABEL_0", 1: "LABEL_1"}, "bad, good") == ["bad", "good"]
    assert named({0: "LABEL_0", 1: "LABEL_1"}, "bad, so-so, good") == ["class 0", "class 1"]


@pytest.mark.parametrize(
    "given", [["sport", " politics", "sport"], "sport, politics", ["sport or politics"], "sport\npolitics"]
)
def test_choices(given: str | list[str]) -> None:
    """Labels come as a list or in one text, each counts once."""
    assert choices(given) == ("sport", "politics")


@pytest.mark.parametrize("given", ["", [], [" ", ","], [str(number) for number in range(MOST + 1)]])
def test_no_choices(given: str | list[str]) -> None:
    """No labels, or too many, get a sentence."""
    with pytest.raises(BadInput, match="labels"):
        choices(given)

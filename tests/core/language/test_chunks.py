from hypothesis import given
from hypothesis import strategies as st

from core.language.chunks import chunks, fitting


def test_neighbours_go_together() -> None:
    """Sentences are put together as long as there is room, in their order."""
    assert chunks(["aaa", "bb", "c", "dddd"], len, 6) == ["aaa bb c", "dddd"]
    assert chunks([], len, 6) == []


def test_cut_between_words() -> None:
    """What is too long is cut at a blank near its middle."""
    assert list(fitting("one two three four", len, 9)) == ["one two", "three", "four"]


@given(st.text(alphabet="ab ", max_size=200), st.integers(1, 20))
def test_nothing_is_lost(text: str, limit: int) -> None:
    """Every letter is in one of the pieces, and none of them is too long."""
    pieces = list(fitting(text, len, limit))
    assert "".join(pieces).replace(" ", "") == text.replace(" ", "")
    assert all(len(piece) <= limit for piece in pieces)

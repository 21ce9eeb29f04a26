from hypothesis import given
from hypothesis import strategies as st

from core.language.sentences import LONGEST, sentences


def test_abbreviations_and_line_breaks() -> None:
    """A dot does not always end a sentence; a line break never does, an empty line always."""
    text = "Dr. Smith paid $3.50\nfor it on Jan. 5th. He left\n\nThe end"
    assert sentences(text) == ["Dr. Smith paid $3.50 for it on Jan. 5th.", "He left", "The end"]


def test_chinese() -> None:
    """Scripts without blanks have sentences too."""
    assert sentences("你好。今天天气很好。", "zh") == ["你好。", "今天天气很好。"]


@given(st.text(alphabet=st.sampled_from("ab .!?\n😀漢"), max_size=4 * LONGEST))
def test_nothing_is_lost_or_too_long(text: str) -> None:
    """Whatever the text, all its letters come out in order, in pieces of a bounded length."""
    found = sentences(text)
    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(0 < len(sentence) <= LONGEST for sentence in found)

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.language.speakable import speakable


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("# Title\n\n- **bold** and _italic_", "Title\nbold and italic"),
        ("see [the page](https://example.com/a?b=c)!", "see the page!"),
        ("go to https://user.example.com/long/path?q=1 now", "go to user.example.com now"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "a, b\n1, 2"),
        ("```python\nprint(1)\n```", "print(1)"),
        ("<b>hi</b> 3 < 4 and 5*3*2 some_name", "hi 3 < 4 and 5*3*2 some_name"),
        ("well done 😀👩‍👩‍👧 20° ©", "well done 20° ©"),
        ("a long sentence that\ngoes on and is hy-\nphenated", "a long sentence that goes on and is hyphenated"),
        ("Invoice 18301/102/T0305\nTotal: 5 €", "Invoice 18301/102/T0305\nTotal: 5 €"),
        ("😀\n---\n***", ""),
        ("", ""),
    ],
)
def test_words_stay_and_markup_goes(text: str, said: str) -> None:
    """What is written for the eye is not read to the ear."""
    assert speakable(text) == said


@given(st.text(max_size=300))
def test_only_words_and_only_once(text: str) -> None:
    """Whatever comes in, no control character and no empty line comes out."""
    said = speakable(text)
    assert all(line == line.strip(", ") and any(map(str.isalnum, line)) for line in said.split("\n") if said)
    assert "\0" not in said


@pytest.mark.parametrize("piece", ["*", "[ ", "_", "| ", "`a", "<a", "\n", " ", "**a", "> ", "http://", "a-\n"])
def test_hostile_texts_take_no_time(piece: str) -> None:
    """100,000 characters made to confuse patterns are through within seconds."""
    start = time.perf_counter()
    speakable(piece * (100_000 // len(piece)))
    assert time.perf_counter() - start < 5

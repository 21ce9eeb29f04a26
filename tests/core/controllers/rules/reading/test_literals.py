from __future__ import annotations

import pytest

from core.controllers.rules.reading.literals import literals


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Say 'good night' to me", ["good night"]),
        ("It's John's book, don't tear it", []),
        ("Summarise 'notes.txt' please", []),
        ("Judge the following review. The staff were rude.", ["The staff were rude."]),
        ("Here is a text: Bees make honey. Please summarise it.", ["Bees make honey."]),
        ("make a meme: top text 'BUT WHY'", ["BUT WHY"]),
        ("Answer from this document: what is the total?", []),
        ("Text: He said 'no' twice. Question: who?", ["He said 'no' twice.", "who?"]),
        ("First task: blur the picture", []),
    ],
)
def test_texts_to_work_on_are_told_from_orders(text: str, found: list[str]) -> None:
    """Quotes, and what is announced as a text, are taken whole; orders, questions and file names are not."""
    assert [inner for _, _, inner in literals(text)] == found


@pytest.mark.parametrize(
    ("before", "after", "kept"),
    [
        ("Say this aloud: ", "He slept well.", True),
        ("Say this aloud: ", "Thanks", True),
        ("Here is my report: ", "Please summarise it.", False),
    ],
)
def test_a_long_text_is_taken_whole(before: str, after: str, kept: bool) -> None:
    """However long it is: what stands behind a colon goes to its end, unless that says what to do with it."""
    for often in (3, 60):
        text = "The quick brown fox jumps over the dog and goes home to have its dinner. " * often
        (inner,) = [inner for _, _, inner in literals(f"{before}{text}{after}")]
        assert inner.endswith(after) == kept

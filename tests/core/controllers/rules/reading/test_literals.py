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

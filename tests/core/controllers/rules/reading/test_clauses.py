from __future__ import annotations

import pytest

from core.controllers.rules.reading.clauses import cut
from core.controllers.rules.reading.tokens import read


def wishes(text: str) -> list[str]:
    """Return the clauses that are no statements, as written."""
    clauses = cut(text, read(text))
    return [text[clause.start : clause.end] for clause in clauses if not clause.statement]


@pytest.mark.parametrize(
    ("text", "wished"),
    [
        ("I have a scan. Read it and sum it up", ["Read it", "sum it up"]),
        ("Listen to it instead of reading it", ["Listen to it"]),
        ("Read it, no need to say it aloud", ["Read it"]),
        ("get the edges after making it bigger", ["making it bigger", "get the edges"]),
        ("I need my recording, talk.wav, as mp3", ["need my recording, talk.wav, as mp3"]),
        ("I have no time to read this", []),
        ("I have a recording to transcribe", ["transcribe"]),
    ],
)
def test_wishes_are_cut_apart_from_what_is_told_or_declined(text: str, wished: list[str]) -> None:
    """Statements and what shall be left undone are no wishes; "after doing B" comes before A."""
    assert wishes(text) == wished


@pytest.mark.parametrize("text", ["vid2gif", "video -> gif", "video to gif"])
def test_arrows_mean_to(text: str) -> None:
    """An arrow, and a 2 between two known words, are read as "to"."""
    assert [sorted(word.concepts & {"TO", "VIDEO", "VFORMAT"}) for word in read(text)] == [
        ["VIDEO"],
        ["TO"],
        ["VFORMAT"],
    ]

from typing import Any

import pytest

from core.language.entities import Tag, entities

TEXT = "Ada Lovelace met Charles in London."


def found(*tags: tuple[str, str, float], threshold: float = 0.0) -> list[Any]:
    """Tag pieces of TEXT in their order, and return the entities."""
    made, at = [], 0
    for piece, label, score in tags:
        start = TEXT.index(piece, at)
        at = start + len(piece)
        made.append(Tag(start, at, label, score))
    return entities(TEXT, made, threshold)


@pytest.mark.parametrize(
    "labels",
    [
        ("B-PER", "I-PER", "B-PER", "B-LOC"),
        ("I-PER", "I-PER", "I-PER", "I-LOC"),
        ("B-PER", "E-PER", "S-PER", "S-LOC"),
        ("B-PER", "L-PER", "U-PER", "U-LOC"),
        ("PER", "PER", "PER", "LOC"),
    ],
)
def test_schemes(labels: tuple[str, str, str, str]) -> None:
    """Names are put together in every scheme of labels, word by word as they stand in the text."""
    first, second, third, fourth = labels
    rows = found(
        ("Ada", first, 0.9), ("Lovelace", second, 0.7), ("met", "O", 1), ("Charles", third, 1), ("London", fourth, 1)
    )
    assert [(row["entity"], row["word"]) for row in rows] == [
        ("PER", "Ada Lovelace"),
        ("PER", "Charles"),
        ("LOC", "London"),
    ]
    assert rows[0]["score"] == pytest.approx(0.8)
    assert all(TEXT[row["start"] : row["end"]] == row["word"] for row in rows)


def test_neighbours() -> None:
    """Two names that stand together stay two where the model says that one begins or ends."""
    assert [row["word"] for row in found(("Ada", "B-PER", 1), ("Lovelace", "B-PER", 1))] == ["Ada", "Lovelace"]
    assert [row["word"] for row in found(("Ada", "S-PER", 1), ("Lovelace", "I-PER", 1))] == ["Ada", "Lovelace"]


def test_pieces_of_words() -> None:
    """The first piece of a word speaks for all of it, blanks before it left out; punctuation is apart."""
    rows = found(("Lo", "B-PER", 0.9), ("velace", "O", 0.8), (" Lon", "B-LOC", 0.7), ("don", "B-PER", 1), (".", "O", 1))
    assert [(row["entity"], row["word"], row["score"]) for row in rows] == [
        ("PER", "Lovelace", 0.9),
        ("LOC", "London", 0.7),
    ]


def test_threshold() -> None:
    """What is less sure than asked for is left out."""
    assert [row["word"] for row in found(("Ada", "B-PER", 0.4), ("London", "B-LOC", 0.6), threshold=0.5)] == ["London"]

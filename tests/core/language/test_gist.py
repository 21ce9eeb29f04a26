from core.language.gist import gist

COUNCIL = [
    "The city council voted to build a new bicycle bridge across the river.",
    "The bridge will cost 12 million euros.",
    "It rained.",
    "Cyclists have asked for a bicycle bridge for ten years.",
    "Nobody was late.",
    "Construction of the bicycle bridge will start in spring.",
]


def test_the_topic_stays() -> None:
    """Sentences about what the text is about are kept, in their order; remarks are not."""
    assert gist(COUNCIL, 3, "en") == [COUNCIL[0], COUNCIL[3], COUNCIL[5]]


def test_nothing_in_common() -> None:
    """Where no word comes twice, as many sentences are returned all the same; none gives none."""
    assert len(gist(["one", "two", "😀", "the"], 2, "en")) == 2
    assert gist([], 2, "en") == []


def test_other_languages() -> None:
    """Languages without blanks and languages without known endings are summarised too."""
    chinese = ["公园里有很多人。", "天气很好。", "很多人在公园里散步。"]
    assert len(gist(chinese, 2, "zh")) == 2
    assert len(gist(["நான் கடைக்கு சென்றேன்.", "பழங்கள் இருந்தன."], 1, "ta")) == 1

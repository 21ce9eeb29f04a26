from core.language.retrieval import retrieved
from core.language.words import stemmer

TEXTS = ["The cat sleeps.", "Dogs bark at cats.", "It rains.", "A cat and a dog."]


def test_the_best_first() -> None:
    """Texts with more of the words come first, whatever their endings; the others are left out."""
    found = retrieved(["cats", "dog"], TEXTS, stemmer("en"))
    assert {passage.text for passage in found[:2]} == {TEXTS[1], TEXTS[3]}
    assert [passage.number for passage in found[2:]] == [0]
    assert found[0].share == 1.0
    assert 0 < found[-1].share < 1


def test_nothing_to_find() -> None:
    """No words, no texts or no match give nothing."""
    stem = stemmer("en")
    assert retrieved([], TEXTS, stem) == []
    assert retrieved(["cat"], [], stem) == []
    assert retrieved(["cat"], ["😀", "..."], stem) == []
    assert retrieved(["zebra"], TEXTS, stem) == []

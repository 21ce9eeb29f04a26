from core.language.words import fillers, stemmer, words


def test_words_of_any_script() -> None:
    """Words are parted at blanks and punctuation, and characters where a script has no blanks."""
    assert words("Don't panic, Zoë! No. 42") == ["don't", "panic", "zoë", "no", "42"]
    assert words("你好 world") == ["你", "好", "world"]
    assert words("😀 --- ") == []


def test_endings_and_fillers() -> None:
    """They are known for some languages; for others words stay whole and none is left out."""
    assert stemmer("en")("running") == stemmer("en")("runs")
    assert stemmer("ta")("Wort") == "wort"
    assert "the" in fillers("en")
    assert fillers("ta") == frozenset()

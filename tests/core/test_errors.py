"""The sentences of errors can be shown wherever they end up."""

from core.errors import ExpertFailed


def test_a_sentence_is_made_of_whole_characters() -> None:
    """Half an emoji that a server or an expert left in its words harms nobody who writes UTF-8."""
    assert ExpertFailed("Bad \ud83d thing.").message == "Bad \ufffd thing."


def test_a_sentence_has_an_end() -> None:
    """Whoever puts ten megabytes into an error is quoted in part."""
    told = ExpertFailed("x" * 10_000_000).message
    assert len(told) == 4000
    assert told.endswith("x…")

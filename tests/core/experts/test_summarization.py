import pytest

from core.errors import BadInput
from core.executors.check import checked
from core.experts.summarization import MOST, Luhn, tidied
from core.language.sentences import sentences
from tests.cards import card_of
from tests.steers import Steered

COUNCIL = (
    "The city council voted to build a new bicycle bridge across the river. The bridge will cost 12 million euros. "
    "It rained. Cyclists have asked for a bicycle bridge for ten years. Nobody was late. "
    "Construction of the bicycle bridge will start in spring."
)


@pytest.fixture(scope="module")
def luhn() -> Luhn:
    """Load it once."""
    expert = Luhn()
    expert.load()
    return expert


def summary(luhn: Luhn, text: str, **inputs: float) -> str:
    """Return the checked summary."""
    return str(checked(card_of(Luhn), luhn.run({"text": text, **inputs}, Steered()))["text"])


def test_sentences_of_the_text_in_their_order(luhn: Luhn) -> None:
    """A summary is shorter than the text and made of its own sentences, in their order, the topic first."""
    kept = sentences(summary(luhn, COUNCIL))
    whole = sentences(COUNCIL)
    assert 1 <= len(kept) < len(whole)
    assert kept == [sentence for sentence in whole if sentence in kept]
    assert whole[0] in kept
    assert "It rained." not in kept


@pytest.mark.parametrize("count", [1, 2, 4, 100])
def test_as_long_as_asked_for(luhn: Luhn, count: int) -> None:
    """The number of sentences asked for is kept, or all there are."""
    assert len(sentences(summary(luhn, COUNCIL, sentences=count))) == min(count, 6)


@pytest.mark.parametrize("text", ["Hello.", "One sentence. And another one.", "a line\nwithout an end"])
def test_short_texts_stay_as_they_are(luhn: Luhn, text: str) -> None:
    """There is nothing to shorten in a sentence or two."""
    assert summary(luhn, text) == text


def test_other_languages(luhn: Luhn) -> None:
    """German, Chinese and Tamil texts are shortened too."""
    german = "Die Katze sitzt auf dem Dach. Es ist kalt. Die Katze sieht ein Auto. Das Auto weckt die Katze. Ende gut."
    assert len(sentences(summary(luhn, german), "de")) == 3
    assert "公园" in summary(luhn, "公园里有很多人。天气很好。很多人在公园里散步。我走了。公园很大。", sentences=2)
    assert summary(luhn, "நான் கடைக்கு சென்றேன். பழங்கள் இருந்தன. நான் பழங்கள் வாங்கினேன். சரி.", sentences=1)


def test_long_and_odd_texts(luhn: Luhn) -> None:
    """100,000 characters of anything give a summary of bounded length."""
    novel = " ".join(f"Chapter {number} tells of the whale and the sea." for number in range(2_200))
    assert len(sentences(summary(luhn, novel))) == MOST
    assert summary(luhn, "same. " * 16_000) == "same."
    assert len(summary(luhn, "x" * 100_000)) <= 10_000
    assert len(summary(luhn, "word " * 20_000)) <= 10_000


@pytest.mark.parametrize("text", ["", "😀😀", "...", "\n"])
def test_nothing_to_summarise(luhn: Luhn, text: str) -> None:
    """A text without words gets a sentence."""
    with pytest.raises(BadInput, match="no words"):
        summary(luhn, text)


def test_what_models_leave_in_summaries() -> None:
    """Marks between sentences and blanks before full stops go; numbers, dots and other languages' signs stay."""
    assert tidied("Ada won .<n>Bob , who is 3 .5 , lost .") == "Ada won. Bob, who is 3 .5, lost."
    assert tidied(" Vraiment ? Oui ! ") == "Vraiment ? Oui !"

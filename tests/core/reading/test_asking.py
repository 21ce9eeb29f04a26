import pytest

from core.language.words import stemmer
from core.reading.asking import ask
from tests.core.reading.papers import INVOICE, laid_out
from tests.core.reading.questions import QUESTIONS

CASES = [(paper, question, wanted) for paper, asked in QUESTIONS.items() for question, wanted in asked.items()]


@pytest.mark.parametrize(("paper", "question", "wanted"), CASES, ids=[question for _, question, _ in CASES])
def test_questions(paper: str, question: str, wanted: str | None) -> None:
    """Many wordings find their value on many kinds of papers, and what a paper does not say is not made up."""
    found = ask(question, laid_out(paper), stemmer("en"))
    assert (found.text if found else None) == wanted


def test_evidence() -> None:
    """The lines that show the answer come with it: the label and the value."""
    found = ask("What is the due date?", laid_out(INVOICE), stemmer("en"))
    assert found is not None
    assert [line.text for line in found.lines] == ["Due Date", "02/06/2024"]
    assert 0.6 < found.score <= 1


def test_nothing_on_the_page() -> None:
    """An empty page answers nothing."""
    assert ask("What is the total?", [], stemmer("en")) is None

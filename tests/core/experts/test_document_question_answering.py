import pytest

from core.errors import BadInput, ExpertFailed
from core.executors.check import checked
from core.experts.document_question_answering import DocumentAnswers
from core.types import Media, Value
from tests import samples
from tests.cards import card_of
from tests.core.reading.papers import BOARDING_PASS, COLUMNS, LETTER, TILL_RECEIPT, painted
from tests.core.reading.questions import QUESTIONS
from tests.steers import Steered

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def answers() -> DocumentAnswers:
    """Load it once."""
    expert = DocumentAnswers()
    expert.load()
    return expert


def ask(answers: DocumentAnswers, image: Media, question: str) -> dict[str, Value]:
    """Return checked outputs."""
    return checked(card_of(DocumentAnswers), answers.run({"image": image, "question": question}, Steered()))


@pytest.mark.parametrize(
    "paper", [COLUMNS, LETTER, BOARDING_PASS, TILL_RECEIPT], ids=["columns", "letter", "pass", "till"]
)
def test_papers_as_pictures(answers: DocumentAnswers, paper: str) -> None:
    """Papers of four kinds, a bit askew, are read and answer questions they were not made for."""
    image = samples.picture(painted(paper, angle=0.7))
    for question, wanted in list(QUESTIONS[paper].items())[:3]:
        if wanted is not None:
            assert ask(answers, image, question)["answer"] == wanted


@pytest.mark.parametrize("build", [samples.invoice, samples.pdf, samples.pdf_scanned])
def test_pictures_and_pdfs(answers: DocumentAnswers, build: samples.Build) -> None:
    """The same invoice answers the same as a picture, as a PDF with text and as a scan, and shows where it stands."""
    outputs = ask(answers, build(), "What is the total?")
    evidence = outputs["evidence"]
    assert outputs["answer"] == "1,234.50 EUR"
    assert isinstance(evidence, list)
    assert [row["text"] for row in evidence if isinstance(row, dict)] == ["TOTAL: 1,234.50 EUR"]


def test_what_it_does_not_say(answers: DocumentAnswers) -> None:
    """No answer is made up: the sentence names the file, or says that nothing could be read."""
    with pytest.raises(ExpertFailed, match=r"invoice\.png but found no answer"):
        ask(answers, samples.invoice(), "What is the capital of France?")
    with pytest.raises(ExpertFailed, match="found no text"):
        ask(answers, samples.jpg(), "What is the total?")
    with pytest.raises(BadInput, match="question"):
        ask(answers, samples.invoice(), "???")

import pytest

from core.errors import BadInput, ExpertFailed
from core.executors.check import checked
from core.experts.question_answering import Bm25Answers
from tests.cards import card_of
from tests.steers import Steered

CURIE = (
    "Marie Curie was born in Warsaw on 7 November 1867. She moved to Paris in 1891 to study physics. In 1903 "
    "she shared the Nobel Prize in Physics with her husband Pierre Curie and Henri Becquerel. She won a "
    "second prize, in chemistry, in 1911. The family had five children, and Marie was the youngest. She died "
    "in 1934 because of long exposure to radiation. Radium was sold for 100,000 dollars per gram in 1920. The "
    "institute employs about 3,400 people. Polonium is a radioactive element named after Poland. The lab is "
    "open for three hours every day. You can write to info@curie.org or call +33 1 56 24 55 00. Tickets cost "
    "€12 for adults and €6 for children. About 40% of visitors come from abroad. The director of the museum "
    "is Renaud Huynh."
)


@pytest.fixture(scope="module")
def answers() -> Bm25Answers:
    """Load it once."""
    expert = Bm25Answers()
    expert.load()
    return expert


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("When was Marie Curie born?", "7 November 1867"),
        ("Where was she born?", "Warsaw"),
        ("When did she move to Paris?", "1891"),
        ("Who shared the Nobel Prize with her?", "Pierre Curie and Henri Becquerel"),
        ("How many children did the family have?", "five"),
        ("Why did she die?", "because of long exposure to radiation"),
        ("How much was radium sold for?", "100,000 dollars"),
        ("How many people work at the institute?", "3,400"),
        ("What is polonium?", "a radioactive element named after Poland"),
        ("How long is the lab open?", "three hours"),
        ("What's the email address?", "info@curie.org"),
        ("What is the phone number?", "+33 1 56 24 55 00"),
        ("How much is a ticket for children?", "€6"),
        ("How much do adults pay for tickets?", "€12"),
        ("What percentage of visitors come from abroad?", "40%"),
        ("Who is the director of the museum?", "Renaud Huynh"),
        ("In which year did she win the prize in chemistry?", "1911"),
    ],
)
def test_answers(answers: Bm25Answers, question: str, answer: str) -> None:
    """Questions of many kinds get the few words that answer them, with the passage they stand in first."""
    outputs = checked(card_of(Bm25Answers), answers.run({"question": question, "context": CURIE}, Steered()))
    passages = outputs["passages"]
    assert outputs["answer"] == answer
    assert isinstance(passages, list)
    assert answer in passages[0]["text"]  # type: ignore[index,call-overload,operator]
    assert 0 < passages[0]["score"] <= 1  # type: ignore[index,call-overload,operator]


@pytest.mark.parametrize(
    "question", ["What is the capital of Australia?", "Who invented the telephone?", "When does the train leave?"]
)
def test_what_the_text_does_not_say(answers: Bm25Answers, question: str) -> None:
    """What the text does not answer is not made up."""
    with pytest.raises(ExpertFailed, match="no answer"):
        answers.run({"question": question, "context": CURIE}, Steered())


@pytest.mark.parametrize(
    ("question", "context"), [("?", CURIE), ("", CURIE), ("Who is it?", CURIE), ("Who was born?", " \n")]
)
def test_nothing_to_go_by(answers: Bm25Answers, question: str, context: str) -> None:
    """A question or a text without words gets a sentence."""
    with pytest.raises(BadInput):
        answers.run({"question": question, "context": context}, Steered())


@pytest.mark.parametrize("context", ["😀", "x" * 100_000, "word " * 20_000, "1" * 100_000, CURIE * 100])
def test_long_and_odd_texts(answers: Bm25Answers, context: str) -> None:
    """100,000 characters of anything give an answer or a sentence."""
    try:
        assert answers.run({"question": "How much was radium sold for?", "context": context}, Steered())["answer"]
    except ExpertFailed as error:
        assert "no answer" in error.message  # noqa: PT017 - either is right

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import pytest

from core.contract import Expert, Model, Outputs, Stopped
from core.errors import BadInput, ExpertFailed, JarvisError, NotAvailable
from core.executors.check import checked
from core.types import Place
from tests.steers import Steered
from tests.tiny.zoo import loaded, registry

pytestmark = pytest.mark.slow

TEXT = "My name is Ada and I live in London. The train to Paris leaves at nine. Zürich is cold!"
ODD = {
    "emoji": "😀",
    "one word without end": "x" * 100_000,
    "many words": "word " * 20_000,
    "many sentences": "Ada lives in London. " * 5_000,
    "control characters": "\x00\x07",
    "several lines": "a\n\n\nb\n",
    "Tamil": "நான் உன்னை காதலிக்கிறேன்",
}
READERS: dict[tuple[str, str], dict[str, Any]] = {
    ("text-classification", "tiny/bert-sentiment"): {},
    ("text-classification", "tiny/roberta-emotions"): {},
    ("text-classification", "tiny/gpt2-classes"): {},
    ("token-classification", "tiny/bert-names"): {},
    ("question-answering", "tiny/roberta-answers"): {"question": "Where does Ada live?"},
    ("zero-shot-classification", "tiny/bert-nli"): {"labels": ["sport", "politics", "music"]},
    ("sentence-similarity", "tiny/bert-embedder"): {"sentences": ["Ada lives in London", "the cat is black"]},
    ("sentence-similarity", "tiny/llama-embedder"): {"sentences": ["Ada lives in London", "the cat is black"]},
}


@pytest.fixture(scope="module", params=list(READERS), ids=lambda pair: f"{pair[0]}, {pair[1]}")
def pair(request: pytest.FixtureRequest) -> tuple[str, str]:
    """Return a task type with its tiny model."""
    chosen: tuple[str, str] = request.param
    return chosen


@pytest.fixture(scope="module")
def expert(pair: tuple[str, str]) -> Expert:
    """Return the expert loaded."""
    return loaded(*pair)


def job(pair: tuple[str, str], text: str) -> dict[str, Any]:
    """Return the arguments that make a task of a text."""
    return {"context" if pair[0] == "question-answering" else "text": text, **READERS[pair]}


def ran(expert: Expert, pair: tuple[str, str], inputs: Mapping[str, Any]) -> Outputs | str:
    """Run a job and return its checked outputs, or the sentence why there are none."""
    card = registry().card(*pair)
    assert card
    try:
        return checked(card, expert.run(inputs, Steered()))
    except JarvisError as error:
        return error.message


def test_batch_equals_single(expert: Expert, pair: tuple[str, str]) -> None:
    """Jobs run together give what each gives alone; one that cannot be run does not cost the others theirs."""
    texts = ["Ada lives in London.", "", TEXT, "good", TEXT * 4, "is this good or bad?"]
    jobs = [job(pair, text) for text in texts]
    alone = [ran(expert, pair, inputs) for inputs in jobs]
    together = expert.run_batch([(inputs, Steered()) for inputs in jobs])
    assert expert.batch >= 8
    assert [error.message if isinstance(error, JarvisError) else error for error in together] == alone
    assert isinstance(together[1], BadInput)
    assert sum(isinstance(result, Mapping) for result in together) == 5


@pytest.mark.parametrize("name", ODD)
def test_odd_texts(expert: Expert, pair: tuple[str, str], name: str) -> None:
    """Any text, however long or strange, gives a result or a sentence."""
    assert ran(expert, pair, job(pair, ODD[name]))


def test_stops_and_tells(expert: Expert, pair: tuple[str, str]) -> None:
    """A long job tells how far it is and can be stopped between two passes."""
    told, stopped = Steered(), Steered(stop_at=2)
    expert.run(job(pair, TEXT * 200), told)
    fractions = [fraction or 0 for fraction, _ in told.progressed]
    assert len(fractions) > 2
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1
    with pytest.raises(Stopped):
        expert.run(job(pair, TEXT * 200), stopped)
    assert len(stopped.progressed) == 1


def test_labels_of_a_classifier() -> None:
    """Classes that exclude each other share 1; all are named, and the best one is the label."""
    outputs: Any = loaded("text-classification", "tiny/bert-sentiment").run({"text": TEXT}, Steered())
    assert {row["label"] for row in outputs["scores"]} == {"NEGATIVE", "POSITIVE"}
    assert outputs["label"] == outputs["scores"][0]["label"]
    assert sum(row["score"] for row in outputs["scores"]) == pytest.approx(1, abs=0.001)


def test_a_model_for_something_else() -> None:
    """A model that was never trained for the task is refused, instead of answering at random."""
    loaded("sentence-similarity", "tiny/bert-embedder")
    card = registry().card_for("question-answering", Place.LOCAL, Model(id="tiny/bert-embedder"))
    assert card
    with pytest.raises(NotAvailable, match="not trained"):
        card.make(card.model).load()


def test_labels_that_hold_together() -> None:
    """Labels that do not exclude each other are judged each by itself; unnamed classes are numbered."""
    outputs: Any = loaded("text-classification", "tiny/roberta-emotions").run({"text": TEXT}, Steered())
    assert {row["label"] for row in outputs["scores"]} == {"class 0", "class 1", "class 2"}
    assert sum(row["score"] for row in outputs["scores"]) != pytest.approx(1, abs=0.01)


def test_a_long_text_is_the_mean_of_its_windows() -> None:
    """The same words again and again are judged as once, though the model reads 64 tokens at a time."""
    expert = loaded("text-classification", "tiny/bert-sentiment")
    words = " ".join(["good"] * 62)  # one window, without the two tokens around it
    assert expert.run({"text": words}, Steered()) == expert.run({"text": f"{words} {words} {words}"}, Steered())


def test_names_stand_where_they_are_said_to() -> None:
    """Each entity is the words of the text between its start and end; no name is found twice where windows overlap."""
    text = TEXT * 10
    outputs: Any = loaded("token-classification", "tiny/bert-names").run({"text": text}, Steered())
    rows = outputs["entities"]
    assert rows
    assert all(text[row["start"] : row["end"]] == row["word"] for row in rows)
    assert all(before["end"] <= after["start"] for before, after in pairwise(rows))
    assert {row["entity"] for row in rows} <= {"PER", "LOC"}


def test_names_above_a_threshold() -> None:
    """Only names as sure as asked for are given."""
    expert = loaded("token-classification", "tiny/bert-names")
    everything: Any = expert.run({"text": TEXT}, Steered())["entities"]
    middle = sorted(row["score"] for row in everything)[len(everything) // 2]
    some: Any = expert.run({"text": TEXT, "threshold": middle}, Steered())["entities"]
    assert 0 < len(some) < len(everything)


def test_answers_stand_in_their_passages() -> None:
    """An answer is words of the text, quoted with the sentence around it, best first."""
    expert = loaded("question-answering", "tiny/roberta-answers")
    outputs: Any = expert.run({"question": "Where does Ada live?", "context": TEXT}, Steered())
    best = outputs["passages"][0]
    assert TEXT[best["start"] : best["end"]] == outputs["answer"]
    assert outputs["answer"] in best["text"]
    assert [row["score"] for row in outputs["passages"]] == sorted(
        (row["score"] for row in outputs["passages"]), reverse=True
    )


def test_a_model_that_says_there_is_none() -> None:
    """A model that points at nothing gets the sentence that there is no answer."""
    expert: Any = loaded("question-answering", "tiny/roberta-answers")
    plain = expert.read

    def nothing(pieces: Any) -> Any:
        read = plain(pieces)
        read.start_logits[:, 0] = read.end_logits[:, 0] = 99
        return read

    expert.read = nothing
    with pytest.raises(ExpertFailed, match="no answer"):
        expert.run({"question": "Where does Ada live?", "context": TEXT * 3}, Steered())


@pytest.mark.parametrize("question", ["", "?!", "who " * 200])
def test_questions_that_cannot_be_asked(question: str) -> None:
    """A question without words, or longer than the model reads, gets a sentence."""
    with pytest.raises(BadInput):
        loaded("question-answering", "tiny/roberta-answers").run({"question": question, "context": TEXT}, Steered())


def test_shares_of_labels() -> None:
    """Labels share 1, in whatever order they are given; a single one may be wrong."""
    expert = loaded("zero-shot-classification", "tiny/bert-nli")
    one: Any = expert.run({"text": TEXT, "labels": ["sport", "music", "news"]}, Steered())
    other: Any = expert.run({"text": TEXT, "labels": ["news, sport or music"]}, Steered())
    assert one == other
    assert sum(row["score"] for row in one["scores"]) == pytest.approx(1, abs=0.001)
    alone: Any = expert.run({"text": TEXT, "labels": ["sport"]}, Steered())
    assert 0 < alone["scores"][0]["score"] < 1


@pytest.mark.parametrize("labels", [[], ["", " "], ["word " * 100]])
def test_labels_that_cannot_be_chosen(labels: list[str]) -> None:
    """No labels, or one longer than the model reads, get a sentence."""
    with pytest.raises(BadInput):
        loaded("zero-shot-classification", "tiny/bert-nli").run({"text": TEXT, "labels": labels}, Steered())


def test_similarity_by_the_conventions() -> None:
    """The score is the cosine of mean-pooled vectors behind the dense layer: recomputed here by hand."""
    import torch

    expert: Any = loaded("sentence-similarity", "tiny/bert-embedder")
    assert expert.limit == 32

    def vector(text: str) -> torch.Tensor:
        with torch.inference_mode():
            tokens = expert.tokenizer(text, return_tensors="pt")
            mean = expert.network(**tokens).last_hidden_state.mean(1)
            layer = expert._layers[0][0]
            return torch.nn.functional.normalize(torch.tanh(layer(mean)), dim=-1)[0]

    outputs: Any = expert.run({"text": "the cat is black", "sentences": ["a dog", "the cat is black"]}, Steered())
    assert outputs["scores"][0] == {"label": "the cat is black", "score": 1.0}
    expected = max(0.0, float(vector("the cat is black") @ vector("a dog")))
    assert outputs["scores"][1]["score"] == pytest.approx(expected, abs=0.0002)


def test_similarity_by_the_last_token() -> None:
    """A model that says so is read at its last token, with the words before the text that it wants."""
    import torch

    expert: Any = loaded("sentence-similarity", "tiny/llama-embedder")

    def vector(text: str) -> torch.Tensor:
        with torch.inference_mode():
            tokens = expert.tokenizer(f"compare: {text}", return_tensors="pt")
            return torch.nn.functional.normalize(expert.network(**tokens).last_hidden_state[0, -1], dim=0)

    outputs: Any = expert.run({"text": "the cat is black", "sentences": ["a much longer sentence"]}, Steered())
    expected = max(0.0, float(vector("the cat is black") @ vector("a much longer sentence")))
    assert outputs["scores"][0]["score"] == pytest.approx(expected, abs=0.0002)


@pytest.mark.parametrize(("text", "sentences"), [("", ["a"]), ("a", []), ("a", [" "]), ("a", ["b"] * 1_001)])
def test_nothing_to_compare(text: str, sentences: list[str]) -> None:
    """Missing sides, or too many sentences, get a sentence."""
    with pytest.raises(BadInput):
        loaded("sentence-similarity", "tiny/bert-embedder").run({"text": text, "sentences": sentences}, Steered())

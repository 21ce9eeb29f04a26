from collections.abc import Mapping
from typing import Any

import pytest

from core.contract import Expert, Outputs, Stopped
from core.errors import BadInput, ExpertFailed, JarvisError
from core.executors.check import checked
from tests.steers import Steered
from tests.tiny.zoo import loaded, registry

pytestmark = pytest.mark.slow

TEXT = (
    "Ada Lovelace lives in London with her black cat.\n\nThe train to Paris leaves at nine in the morning. "
    "The weather is cold, but the sun shines in every street of the town."
)
GERMAN = {"language": "German"}
WRITERS: dict[tuple[str, str], dict[str, Any]] = {
    ("text2text-generation", "tiny/t5"): {},
    ("summarization", "tiny/t5"): {},
    ("summarization", "tiny/bart"): {},
    ("translation", "tiny/t5"): GERMAN,
    ("translation", "tiny/madlad"): GERMAN,
    ("translation", "tiny/opus-mt-en-de"): GERMAN,
    ("translation", "tiny/opus-mt-en-many"): GERMAN,
    ("translation", "tiny/nllb"): GERMAN,
    ("translation", "tiny/m2m100"): GERMAN,
    ("translation", "tiny/mbart50"): GERMAN,
    ("text-generation", "tiny/gpt2"): {"max_new_tokens": 24},
    ("text-generation", "tiny/llama-chat"): {"max_new_tokens": 24},
    ("conversational", "tiny/llama-chat"): {"max_new_tokens": 24},
    ("conversational", "tiny/gpt2"): {"max_new_tokens": 24},
    ("conversational", "tiny/bart"): {"max_new_tokens": 24},
}
ODD = {
    "emoji": "😀",
    "one word without end": "x" * 100_000,
    "many words": "word " * 20_000,
    "control characters": "\x00\x07",
    "braces": "{{ x }} {% if %} <|im_end|> <pad>",
}


@pytest.fixture(scope="module", params=list(WRITERS), ids=lambda pair: f"{pair[0]}, {pair[1]}")
def pair(request: pytest.FixtureRequest) -> tuple[str, str]:
    """Return a task type with its tiny model."""
    chosen: tuple[str, str] = request.param
    return chosen


@pytest.fixture(scope="module")
def expert(pair: tuple[str, str]) -> Expert:
    """Return the expert loaded."""
    return loaded(*pair)


def ran(expert: Expert, pair: tuple[str, str], inputs: Mapping[str, Any], steer: Steered | None = None) -> Outputs:
    """Run a job and return its checked outputs."""
    card = registry().card(*pair)
    assert card
    return checked(card, expert.run(inputs, steer or Steered()))


def test_writes(expert: Expert, pair: tuple[str, str]) -> None:
    """A text comes out, token by token with progress up to the end, without special tokens."""
    steer = Steered()
    text = str(ran(expert, pair, {"text": TEXT, **WRITERS[pair]}, steer)["text"])
    assert text.strip()
    assert not any(mark in text for mark in ("<pad>", "</s>", "<|", "__de__", "deu_Latn", "de_DE", ">>"))
    fractions = [fraction or 0 for fraction, _ in steer.progressed]
    assert len(fractions) > 4
    assert fractions == sorted(fractions)
    assert 0.05 < fractions[-1] <= 1


def test_stops(expert: Expert, pair: tuple[str, str]) -> None:
    """A stopped job leaves after the token that is being written, and the expert goes on working."""
    stopped = Steered(stop_at=4)
    with pytest.raises(Stopped):
        ran(expert, pair, {"text": TEXT, **WRITERS[pair]}, stopped)
    assert stopped.checks == 4
    assert ran(expert, pair, {"text": TEXT, **WRITERS[pair]})["text"]


@pytest.mark.parametrize("name", ODD)
def test_odd_texts(expert: Expert, pair: tuple[str, str], name: str) -> None:
    """Any text, however long or strange, gives a text or a sentence."""
    try:
        assert isinstance(ran(expert, pair, {"text": ODD[name], **WRITERS[pair]})["text"], str)
    except JarvisError as error:
        assert len(error.message) < 250  # noqa: PT017 - either is right


@pytest.mark.parametrize("text", ["", " \n"])
def test_nothing_to_write_about(expert: Expert, pair: tuple[str, str], text: str) -> None:
    """An empty text gets a sentence."""
    with pytest.raises(BadInput):
        ran(expert, pair, {"text": text, **WRITERS[pair]})


@pytest.mark.parametrize(
    "pair", [("translation", "tiny/t5"), ("translation", "tiny/nllb"), ("summarization", "tiny/bart")]
)
def test_saves_memory(pair: tuple[str, str]) -> None:
    """After running out of memory once, translators and summarisers write the same, one text after the other."""
    expert = loaded(*pair)
    before = ran(expert, pair, {"text": TEXT, **WRITERS[pair]})
    assert expert.save_memory()
    assert not expert.save_memory()
    assert ran(expert, pair, {"text": TEXT, **WRITERS[pair]}) == before


# ---------------------------------------------------------------- translation


def translated(model: str, text: str, **inputs: str) -> str:
    """Return the translation."""
    return str(loaded("translation", model).run({"text": text, **inputs}, Steered())["text"])


def test_lines_stay_lines() -> None:
    """Each line is translated by itself; what has no words stays as it is."""
    lines = translated("tiny/opus-mt-en-de", "The cat is black.\n\n*** 12\nThe dog is white.", language="de").split(
        "\n"
    )
    assert lines[1:3] == ["", "*** 12"]
    assert lines[0]
    assert lines[3]


@pytest.mark.parametrize("model", ["tiny/nllb", "tiny/m2m100", "tiny/mbart50"])
def test_the_language_decides_the_first_token(model: str) -> None:
    """The target language is forced as the first token, by the family's own code, whatever way it is named."""
    expert: Any = loaded("translation", model)
    options = {code: expert.told("en", code)[1]["forced_bos_token_id"] for code in ("de", "fr")}
    tokens = {code: expert.tokenizer.convert_ids_to_tokens(token) for code, token in options.items()}
    assert tokens["de"] in ("deu_Latn", "__de__", "de_DE")
    assert tokens["fr"] in ("fra_Latn", "__fr__", "fr_XX")
    assert translated(model, TEXT, language="Deutsch") == translated(model, TEXT, language="de")


def test_a_group_is_told_the_language() -> None:
    """A Marian model for several languages is told by a token which one, and writes no other."""
    expert: Any = loaded("translation", "tiny/opus-mt-en-many")
    assert expert.told("en", "de")[0] == ">>deu<< "
    ids = expert.tokenizer(">>deu<< the cat")["input_ids"]
    assert expert.tokenizer.convert_ids_to_tokens(ids)[0] == ">>deu<<"
    with pytest.raises(ExpertFailed, match="Tamil"):
        expert.run({"text": TEXT, "language": "ta"}, Steered())


def test_a_prefix_in_words() -> None:
    """T5 is told in words from which language into which one; MADLAD by a token."""
    t5: Any = loaded("translation", "tiny/t5")
    assert t5.told("en", "de")[0] == "translate English to German: "
    madlad: Any = loaded("translation", "tiny/madlad")
    assert madlad.told("en", "de")[0] == "<2de> "


@pytest.mark.parametrize(
    ("inputs", "sentence"),
    [
        ({"language": "Tamil"}, "does not write Tamil"),
        ({"language": "German", "source": "French"}, "is French"),
        ({"language": "German", "text": "Das Haus ist sehr alt, und niemand wohnt darin."}, "seems to be German"),
        ({"language": "Klingon"}, "do not know the language"),
        ({"language": "German", "source": "Klingon"}, "do not know the language"),
        ({"language": "German", "text": "123 +++"}, "no words"),
    ],
)
def test_languages_that_do_not_fit(inputs: dict[str, str], sentence: str) -> None:
    """A language that the model does not read or write, or nobody knows, gets a sentence that names it."""
    with pytest.raises(JarvisError, match=sentence):
        translated("tiny/opus-mt-en-de", **{"text": TEXT, **inputs})


def test_the_same_language() -> None:
    """Nothing is translated into the language that it is in."""
    with pytest.raises(BadInput, match="English already"):
        translated("tiny/nllb", TEXT, language="English")


# ---------------------------------------------------------------- summaries


def test_as_many_sentences_as_asked_for() -> None:
    """No more sentences are given than asked for, and a text of no more stays as it is."""
    from core.language.sentences import sentences

    expert = loaded("summarization", "tiny/t5")
    one = str(expert.run({"text": TEXT * 3, "sentences": 1}, Steered())["text"])
    assert len(sentences(one)) == 1
    assert expert.run({"text": "Ada is here.", "sentences": 2}, Steered()) == {"text": "Ada is here."}


def test_long_texts_in_rounds() -> None:
    """A text many times as long as the model reads is shortened in parts, and ends in one summary of usual length."""
    expert: Any = loaded("summarization", "tiny/bart")
    text = " ".join(f"Ada number {number} lives in London." for number in range(200))
    steer = Steered()
    summary = expert.run({"text": text}, steer)["text"]
    assert 0 < expert.length(summary) < expert.length(text) / 4
    fractions = [fraction or 0 for fraction, _ in steer.progressed]
    assert fractions == sorted(fractions)
    assert fractions[-1] == pytest.approx(1)


# ---------------------------------------------------------------- free texts


def test_a_seed_repeats() -> None:
    """The same seed gives the same text, another one another; without a seed no two texts are alike."""
    expert = loaded("text-generation", "tiny/llama-chat")

    def written(**more: int) -> object:
        return expert.run({"text": "Write a poem", "max_new_tokens": 40, **more}, Steered())["text"]

    assert written(seed=1) == written(seed=1) != written(seed=2)
    assert written() != written()


def test_a_text_goes_on() -> None:
    """A model without a chat template keeps the beginning and adds to it, no more than asked for."""
    expert: Any = loaded("text-generation", "tiny/gpt2")
    for text in ("The cat", "the cat " * 400):
        whole = expert.run({"text": text, "max_new_tokens": 8, "seed": 1}, Steered())["text"]
        assert whole.startswith(text.strip())
        assert 0 < len(whole) - len(text.strip()) < 200


def test_thoughts_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a model thinks before it answers is not part of the reply; nothing but thoughts gets a sentence."""
    expert: Any = loaded("conversational", "tiny/llama-chat")
    written = {"reply": "<think>a\nb</think>\n\nHello!"}
    monkeypatch.setattr(expert, "_written", lambda *_: written["reply"])
    assert expert.run({"text": "hello"}, Steered()) == {"text": "Hello!"}
    written["reply"] = "well</think> Hello!"  # where the template has begun the thoughts
    assert expert.run({"text": "hello"}, Steered()) == {"text": "Hello!"}
    written["reply"] = "<think>and so on"
    with pytest.raises(ExpertFailed, match="nothing to say"):
        expert.run({"text": "hello"}, Steered())

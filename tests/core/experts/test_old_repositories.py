"""Models as they lie on the Hub, written by the libraries of their time: old names, few files, settings in odd places.

Each is tiny, with random weights, and holds what its real counterpart holds; it is loaded from what of that would be
downloaded.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.contract import Expert, Model
from core.errors import NotAvailable, Unsuited
from core.experts import automatic_speech_recognition
from core.types import Place
from core.weights.choice import PIPELINE, choose
from core.weights.layout import components
from tests import samples
from tests.steers import Steered
from tests.tiny import hearing, language, music, tokenizers, writing
from tests.tiny.builder import REVISION, Tiny, install, save
from tests.tiny.sounds import library
from tests.tiny.zoo import registry

pytestmark = pytest.mark.slow

TEXT = "Ada lives in London with her black cat. The train to Paris leaves at nine. The weather was cold but dry."
Fetch = Callable[..., Expert]


@pytest.fixture
def fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fetch:
    """Return what loads a model from those files of it that would be downloaded."""
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))

    def load(build: Callable[[Path], None], task: str, **facts: Any) -> Expert:
        def downloaded(folder: Path) -> None:
            build(folder)
            names = {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}
            index = folder / PIPELINE
            parts = components(json.loads(index.read_text())) if index.exists() else None
            for name in names - set(choose(names, components=parts)):
                (folder / name).unlink()

        model = Model(**{"id": "old/model", "revision": REVISION, **facts})
        install(Tiny(id=model.id, build=downloaded, serves=()), tmp_path)
        card = registry().card_for(task, Place.LOCAL, model)
        assert card
        expert = card.make(model)
        expert.load()
        return expert

    return load


def settings(folder: Path, **more: Any) -> None:
    """Add to a model's ``config.json``."""
    file = folder / "config.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), **more}))


def aged(folder: Path, *names: tuple[str, str]) -> dict[str, Any]:
    """Rename weights to what they were called once, in one pickle; return them under today's names."""
    import torch
    from safetensors.torch import load_file

    weights = load_file(folder / "model.safetensors")
    old = {}
    for name, value in weights.items():
        for new, before in names:
            name = name.replace(new, before)  # noqa: PLW2901 - its age grows
        old[name] = value
    torch.save(old, folder / "pytorch_model.bin")
    (folder / "model.safetensors").unlink()
    return weights


def spelled(folder: Path) -> None:
    """Leave of a tokenizer over bytes its two first files only."""
    state = json.loads((folder / "tokenizer.json").read_text())["model"]
    (folder / "vocab.json").write_text(json.dumps(state["vocab"]))
    (folder / "merges.txt").write_text("#version: 0.2\n" + "\n".join(" ".join(pair) for pair in state["merges"]))
    (folder / "tokenizer.json").unlink()
    (folder / "tokenizer_config.json").unlink()


def test_names_of_the_first_bert(fetched: Fetch) -> None:
    """Weights called gamma and beta, in a pickle, beside a list of words: all of them arrive."""
    before: dict[str, Any] = {}

    def build(folder: Path) -> None:
        language.bert_sentiment(folder)
        before.update(aged(folder, ("LayerNorm.weight", "LayerNorm.gamma"), ("LayerNorm.bias", "LayerNorm.beta")))
        state = json.loads((folder / "tokenizer.json").read_text())["model"]["vocab"]
        (folder / "vocab.txt").write_text("\n".join(sorted(state, key=state.__getitem__)))
        (folder / "tokenizer.json").unlink()
        (folder / "tokenizer_config.json").write_text(json.dumps({"do_lower_case": True, "max_len": 64}))

    expert: Any = fetched(build, "text-classification")
    _assert_same(expert.network, before)
    assert expert.limit == 64
    assert expert.tokenizer.tokenize("The Train") == ["the", "train"]
    assert expert.run({"text": TEXT}, Steered())["label"] in ("NEGATIVE", "POSITIVE")


def test_names_of_the_first_wav2vec2(fetched: Fetch) -> None:
    """A convolution's norm in two parts, by the names that PyTorch gave them before: both arrive."""
    before: dict[str, Any] = {}

    def build(folder: Path) -> None:
        hearing.wav2vec2_ctc(folder)
        parts = "parametrizations.weight.original"
        before.update(aged(folder, (f"{parts}0", "weight_g"), (f"{parts}1", "weight_v")))

    expert: Any = fetched(build, "automatic-speech-recognition", family="ctc")
    _assert_same(expert.network, before)
    assert expert.run({"audio": samples.ogg()}, Steered())


def _assert_same(network: Any, before: dict[str, Any]) -> None:
    import torch

    now = network.state_dict()
    assert [name for name, value in before.items() if not torch.equal(now[name], value)] == []


def test_lines_of_blenderbot_end(fetched: Fetch) -> None:
    """Its files say nothing of it, but it learned from lines that end."""

    def build(folder: Path) -> None:
        tr = library()
        tokenizer = tokenizers.roberta(model_max_length=128)
        sizes: dict[str, Any] = {"vocab_size": len(tokenizer), "init_std": 0.3, **writing.many_layers()}
        marks = {"bos_token_id": 0, "pad_token_id": 1, "eos_token_id": 2, "decoder_start_token_id": 0}
        config = tr.BlenderbotConfig(**sizes, **marks)
        model = tokenizers.speaking(tr.BlenderbotForConditionalGeneration(config), tokenizer)
        save(folder, tokenizer, model)
        spelled(folder)
        (folder / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "BlenderbotTokenizer"}))

    expert: Any = fetched(build, "conversational", family="seq2seq")
    assert expert.tokenizer("hello")["input_ids"][-1] == expert.tokenizer.eos_token_id
    assert expert.run({"text": "Hello!", "max_new_tokens": 8}, Steered())["text"]


CUSTOMS = {
    "summarization": {"length_penalty": 2.0, "max_length": 60, "min_length": 12, "num_beams": 3, "prefix": "short: "},
    "translation_en_to_de": {"max_length": 300, "num_beams": 2, "prefix": "in German: "},
}
"""As T5 keeps what to do for which task."""


def _t5(folder: Path) -> None:
    writing.t5(folder)
    settings(folder, task_specific_params=CUSTOMS)


def test_t5_summarises_as_its_makers_say(fetched: Fetch) -> None:
    """How many ways of writing it follows, how long a summary is and what stands before the text is in its settings."""
    expert: Any = fetched(_t5, "summarization")
    told = expert.network.generation_config
    assert (told.num_beams, told.min_length, told.length_penalty) == (3, 12, 2.0)
    asked: list[str] = []
    encode = expert._encoded

    def encoded(texts: list[str]) -> Any:
        asked.extend(texts)
        return encode(texts)

    expert._encoded = encoded
    summary = expert.run({"text": TEXT * 2}, Steered())["text"]
    assert asked
    assert all(text.startswith("short: Ada") for text in asked)
    assert 12 <= expert.length(summary) <= 62


def test_t5_translates_as_its_makers_say(fetched: Fetch) -> None:
    """For each pair of languages its settings may say what to put before a sentence, and how to look for words."""
    expert: Any = fetched(_t5, "translation")
    assert expert.told("en", "de") == ("in German: ", {"num_beams": 2})
    assert expert.run({"text": TEXT, "language": "German"}, Steered())["text"]


@pytest.mark.filterwarnings("ignore:`past_key_values` is deprecated:FutureWarning")
def test_a_language_model_without_a_head(fetched: Fetch) -> None:
    """AudioLDM 2 names its GPT-2 by the class without a head, which writes nothing any more; it is given one."""
    made: list[object] = []

    def build(folder: Path, bare: bool) -> None:
        tr = library()
        music.audio_ldm2(folder)
        index = folder / PIPELINE
        names = {"tokenizer": "RobertaTokenizerFast", "tokenizer_2": "T5TokenizerFast"}
        if bare:
            names["language_model"] = "GPT2Model"
            tr.GPT2LMHeadModel.from_pretrained(folder / "language_model").transformer.save_pretrained(
                folder / "language_model"
            )
        old = {part: ["transformers", name] for part, name in names.items()}
        index.write_text(json.dumps({**json.loads(index.read_text()), **old}))

    for number, bare in enumerate((True, False)):
        id_ = f"old/model-{number}"
        expert: Any = fetched(
            lambda folder, bare=bare: build(folder, bare), "text-to-audio", family="diffusers", id=id_
        )
        made.append(expert.run({"prompt": "rain", "duration": 1, "steps": 2, "seed": 1}, Steered())["audio"])
        assert expert.size()
    assert made[0] == made[1]


def test_layers_behind_the_pooling(fetched: Fetch) -> None:
    """The weights of LaBSE's last layer lie in a folder of their own, and come along."""
    expert: Any = fetched(language.bert_embedder, "sentence-similarity")
    assert len(expert._layers) == 1
    assert expert.run({"text": "a cat", "sentences": ["a dog"]}, Steered())["scores"]


def test_a_pupil_that_knows_one_language(fetched: Fetch) -> None:
    """Distil-Whisper keeps its teacher's tokens of all languages; it hears English, and no other is promised."""
    expert: Any = fetched(hearing.whisper, "automatic-speech-recognition", languages=("en",))
    assert expert._language(None, None) == expert._language("English", None) == "<|en|>"
    with pytest.raises(Unsuited, match="German"):
        expert.run({"audio": samples.ogg(), "language": "German"}, Steered())


def test_moods_have_names(fetched: Fetch) -> None:
    """Classes with names that nobody understands are called as the catalogue says."""
    build: Any = hearing.hubert_emotions
    plain: Any = fetched(build, "audio-classification")
    names = [f"mood {number}" for number in range(len(plain._labels))]
    named: Any = fetched(build, "audio-classification", settings={"labels": ", ".join(names)})
    assert named.run({"audio": samples.ogg()}, Steered())["label"] in names


@pytest.mark.parametrize("many", [True, False])
def test_a_whisper_without_its_marks(fetched: Fetch, monkeypatch: pytest.MonkeyPatch, many: bool) -> None:
    """Whispers tuned in the first year do not say which tokens stand for times and languages; their words do."""
    monkeypatch.setattr(automatic_speech_recognition, "MULTILINGUAL", 1 if many else 10**6)

    def build(folder: Path) -> None:
        hearing.whisper(folder)
        file = folder / "generation_config.json"
        settings(folder, forced_decoder_ids=None, suppress_tokens=json.loads(file.read_text())["suppress_tokens"])
        file.unlink()

    expert: Any = fetched(build, "automatic-speech-recognition")
    assert expert.run({"audio": samples.ogg(), "language": "English"}, Steered())
    if many:
        assert expert._language("German", None) == "<|de|>"
        assert expert._language(None, np.zeros(16_000, np.float32)) in expert._model.generation_config.lang_to_id
    else:
        with pytest.raises(Unsuited):
            expert._language("German", None)


def test_as_much_as_it_was_trained_on(fetched: Fetch) -> None:
    """The catalogue may say that a model reads less at once than its files do: mT5 counts distances, without end."""
    expert: Any = fetched(writing.t5, "summarization", settings={"reads": 40})
    assert expert.reads == 40
    assert expert.run({"text": TEXT * 4}, Steered())["text"]


def test_a_head_that_the_library_does_not_know(fetched: Fetch) -> None:
    """Weights of a class of its author's own would leave the head to chance: such a model is none for us."""

    def build(folder: Path) -> None:
        hearing.hubert_emotions(folder)
        aged(folder, ("projector.", "classifier.dense."))

    with pytest.raises(NotAvailable, match="not trained for this task"):
        fetched(build, "audio-classification")


def test_what_only_learners_need_may_be_missing(fetched: Fetch) -> None:
    """The first wav2vec 2.0 came without the vector that hides sounds from it while it learns."""

    def build(folder: Path) -> None:
        hearing.wav2vec2_ctc_masked(folder)
        aged(folder, ("masked_spec_embed", "forgotten"))

    expert: Any = fetched(build, "automatic-speech-recognition", family="ctc")
    assert expert.run({"audio": samples.ogg()}, Steered())

"""Experts on our own devices that connect pictures with words: captions, answers, things found by their names."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from PIL import Image

from core.contract import Stopped
from core.errors import BadInput, JarvisError
from core.types import Kind, Place
from tests import samples
from tests.core.experts.odd import ODD, shown
from tests.steers import Steered
from tests.tiny.builder import TINY
from tests.tiny.zoo import hub_cache, registry

pytestmark = pytest.mark.slow

WRITERS = (
    ("image-to-text", "", "tiny/blip"),
    ("image-to-text", "", "tiny/git"),
    ("image-to-text", "vision-encoder-decoder", "tiny/vit-gpt2"),
    ("image-to-text", "image-text-to-text", "tiny/llava"),
    ("visual-question-answering", "", "tiny/vilt"),
    ("visual-question-answering", "generative", "tiny/blip-vqa"),
    ("visual-question-answering", "image-text-to-text", "tiny/llava"),
    ("visual-question-answering", "image-text-to-text", "tiny/qwen-vl"),
    ("document-question-answering", "donut", "tiny/donut"),
    ("document-question-answering", "image-text-to-text", "tiny/llava"),
)
ASKED = tuple(each for each in WRITERS if each[0] != "image-to-text")
FINDERS = (
    ("zero-shot-object-detection", "", "tiny/owlvit"),
    ("zero-shot-object-detection", "", "tiny/owlv2"),
    ("zero-shot-object-detection", "grounding-dino", "tiny/grounding-dino"),
    ("zero-shot-object-detection", "grounding-dino", "tiny/mm-grounding-dino"),
)
SLIM = ("one pixel", "strip", "upright strip", "grey with alpha", "animation")


def _expert(task: str, family: str, model: str) -> Any:
    """Load a tiny model by its family: some serve several."""
    hub_cache(model)
    card = registry().card_for(task, Place.LOCAL, TINY[model].model(family))
    assert card is not None
    expert = card.make(card.model)
    expert.load()
    return expert


def _inputs(task: str, image: Any, **more: Any) -> dict[str, Any]:
    question = {} if task == "image-to-text" else {"question": "what is in the garden ?"}
    labels = {"labels": ["red ball", "cat"]} if task.startswith("zero") else {}
    return {"image": image, **(labels or question), **more}


def _answer(expert: Any, inputs: dict[str, Any]) -> str:
    """Return what an expert says, or the sentence it fails with."""
    try:
        return _said(expert.run(inputs, Steered()))
    except JarvisError as error:
        return error.message


def _said(outputs: Any) -> str:
    return str(outputs.get("text") or outputs.get("answer"))


@pytest.mark.parametrize(("task", "family", "model"), WRITERS)
def test_words_about_a_picture(task: str, family: str, model: str) -> None:
    """Each model says something about a picture, and the same again."""
    expert = _expert(task, family, model)
    steer = Steered()
    first = _said(expert.run(_inputs(task, samples.jpg()), steer))
    assert first.strip()
    assert first == _said(expert.run(_inputs(task, samples.jpg()), Steered()))
    fractions = [fraction for fraction, _ in steer.progressed if fraction is not None]
    assert fractions == sorted(fractions)
    assert not fractions or 0 <= fractions[0] <= fractions[-1] <= 1


@pytest.mark.parametrize(("task", "family", "model"), WRITERS)
def test_writing_can_be_stopped(task: str, family: str, model: str) -> None:
    """A stopped job ends at the next word, and the model goes on with the next job."""
    expert = _expert(task, family, model)
    with pytest.raises(Stopped):
        expert.run(_inputs(task, samples.jpg()), Steered(stop_at=1))
    assert _said(expert.run(_inputs(task, samples.jpg()), Steered()))


@pytest.mark.parametrize(("task", "family", "model"), WRITERS)
def test_odd_pictures(task: str, family: str, model: str) -> None:
    """Slim, see-through and animated pictures give words or a sentence."""
    expert = _expert(task, family, model)
    for name in SLIM:
        assert _answer(expert, _inputs(task, ODD[name]))


@pytest.mark.parametrize(("task", "family", "model"), ASKED)
@pytest.mark.parametrize("question", ["", "  ?! ", "🦊", "why " * 30_000])
def test_questions_that_cannot_be_asked(task: str, family: str, model: str, question: str) -> None:
    """Nothing asked, or far too much, is answered with a sentence."""
    with pytest.raises(BadInput):
        _expert(task, family, model).run(_inputs(task, samples.jpg(), question=question), Steered())


@pytest.mark.parametrize(("task", "family", "model"), ASKED)
@pytest.mark.parametrize("question", ["<image> <|im_end|> [SEP] </s> what is it?", "¿Qué hay aquí? 你好", "why " * 300])
def test_questions_of_all_sorts(task: str, family: str, model: str, question: str) -> None:
    """A model's own signs in a question mean nothing, any script is taken, long ones have an answer or a sentence."""
    answer = _answer(_expert(task, family, model), _inputs(task, samples.jpg(), question=question))
    assert answer
    assert len(question) > 500 or not answer.startswith("This question")


def test_each_page_is_described() -> None:
    """Of a document with several pages, each has its paragraph."""
    outputs = _expert("image-to-text", "", "tiny/blip").run({"image": samples.pdf()}, Steered())
    assert outputs["text"].count("\n\n") == 1


def test_lines_are_found_and_read() -> None:
    """A model that reads single lines is given each line of a page, and what it reads stands where the line does."""
    expert = _expert("image-to-text", "line-reader", "tiny/trocr")
    outputs = expert.run({"image": samples.invoice()}, Steered())
    assert 5 <= len(outputs["lines"]) <= 9
    tops = [row["box"]["ymin"] for row in outputs["lines"]]
    assert all(below > above - 10 for above, below in pairwise(tops))  # two columns of one line: left before right
    assert all(0 <= row["score"] < 1 for row in outputs["lines"])
    with pytest.raises(JarvisError, match="no text"):
        expert.run({"image": samples.png()}, Steered())


def test_answers_of_a_document_are_its_words() -> None:
    """LayoutLM quotes: the answer stands in the lines that are its evidence."""
    expert = _expert("document-question-answering", "", "tiny/layoutlm")
    for document in (samples.invoice(), samples.pdf()):
        outputs = expert.run({"image": document, "question": "what is the total ?"}, Steered())
        lines = " ".join(row["text"] for row in outputs["evidence"])
        assert outputs["answer"]
        assert all(word in lines for word in outputs["answer"].split())


def test_a_long_document_is_read_in_windows() -> None:
    """A page with more words than the model takes at once is read to its end."""
    page = samples.pdf([[f"item {number} costs {number} dollars and some cents" for number in range(20)]])
    expert = _expert("document-question-answering", "", "tiny/layoutlm")
    assert expert.run({"image": page, "question": "what costs most ?"}, Steered())["answer"]
    with pytest.raises(BadInput):
        expert.run({"image": page, "question": "what costs " * 60}, Steered())


@pytest.mark.parametrize(("task", "family", "model"), FINDERS)
def test_named_things_are_found(task: str, family: str, model: str) -> None:
    """Boxes carry the labels given and lie in the upright picture; a threshold of 1 leaves none."""
    expert = _expert(task, family, model)
    outputs = expert.run(_inputs(task, samples.jpg(), threshold=0.0), Steered())
    assert outputs["objects"]
    for row in outputs["objects"]:
        assert row["label"] in ("red ball", "cat")
        assert 0 <= row["box"]["xmin"] <= row["box"]["xmax"] <= 48
        assert 0 <= row["box"]["ymin"] <= row["box"]["ymax"] <= 64
    assert shown(outputs["image"]).size
    assert expert.run(_inputs(task, samples.jpg(), threshold=1.0), Steered())["objects"] == []


@pytest.mark.parametrize(("task", "family", "model"), FINDERS)
def test_odd_pictures_and_labels_of_finders(task: str, family: str, model: str) -> None:
    """Slim pictures and labels in any script have a result; labels without letters a sentence."""
    expert = _expert(task, family, model)
    for name in SLIM:
        assert "objects" in expert.run(_inputs(task, ODD[name]), Steered())
    assert "objects" in expert.run(
        _inputs(task, samples.png(), labels=["кошка", "狐狸", "a.b."], threshold=0.0), Steered()
    )
    with pytest.raises(BadInput):
        expert.run(_inputs(task, samples.png(), labels=["🦊"]), Steered())


def test_owlv2_sees_grey_beside_a_picture() -> None:
    """It was trained on squares filled up with grey, so it is shown such squares."""
    expert = _expert("zero-shot-object-detection", "", "tiny/owlv2")
    shown: list[Any] = []
    expert.network.register_forward_pre_hook(lambda _, __, told: shown.append(told["pixel_values"]), with_kwargs=True)
    expert.run(_inputs("zero-shot-object-detection", samples.jpg()), Steered())
    corner = shown[0][0, :, -1, -1].tolist()
    processor = expert.processor
    colours = zip(corner, processor.image_mean, processor.image_std, strict=True)
    assert [round(value * spread + mean, 1) for value, mean, spread in colours] == [0.5, 0.5, 0.5]


def test_heads_that_only_the_weights_tell_of() -> None:
    """Files of MM Grounding DINO do not say that each layer has heads of its own: they are read as they are."""
    network = _expert("zero-shot-object-detection", "grounding-dino", "tiny/mm-grounding-dino").network
    assert [head.bias.tolist() for head in network.class_embed] == [0.0, -1.0]
    first, second = (head.layers[0].weight for head in network.bbox_embed)
    assert not first.equal(second)
    assert second.equal(network.model.decoder.bbox_embed[1].layers[0].weight)


def test_too_many_words_for_one_text() -> None:
    """Grounding DINO reads all labels as one text: where that is too long, a sentence says so."""
    labels = [f"a very good red ball number {number}" for number in range(50)]
    expert = _expert(*FINDERS[2])
    with pytest.raises(BadInput, match="too much text"):
        expert.run(_inputs("zero-shot", samples.png(), labels=labels), Steered())


@pytest.mark.parametrize("model", ["tiny/videomae", "tiny/timesformer"])
@pytest.mark.parametrize("film", [samples.mp4, samples.webm, samples.mov, samples.mp4_upright])
def test_films_are_classified(model: str, film: Any) -> None:
    """Any format has a label, with scores that add up to 1."""
    outputs = _expert("video-classification", "", model).run({"video": film()}, Steered())
    assert outputs["label"] in ("running", "cooking", "singing")
    assert abs(sum(row["score"] for row in outputs["scores"]) - 1) < 0.01


def test_films_of_few_pictures_and_none() -> None:
    """One picture is enough; a file without pictures has a sentence; a GIF is a film; a stopped job ends."""
    expert = _expert("video-classification", "", "tiny/videomae")
    assert expert.run({"video": samples.mp4(frames=1)}, Steered())["label"]
    gif = samples.media(samples.gif().data, Kind.VIDEO, "image/gif", "blink.gif")
    assert expert.run({"video": gif}, Steered())["label"]
    for nothing in (samples.mp4_without_frames(), samples.mp4_sound_only()):
        with pytest.raises(BadInput, match="no moving pictures"):
            expert.run({"video": nothing}, Steered())
    with pytest.raises(Stopped):
        expert.run({"video": samples.mp4()}, Steered(stop_at=1))


def test_an_enlarged_picture() -> None:
    """Twice as large in tiles, with progress; what is see-through stays so; too large ones have a sentence."""
    expert = _expert("image-to-image", "super-resolution", "tiny/swin2sr")
    steer = Steered()
    picture = samples.picture(samples.photo(230, 50))
    made = shown(expert.run({"image": picture, "prompt": "larger"}, steer)["image"])
    assert made.size == (460, 100)
    assert len(steer.progressed) == 2
    made = shown(expert.run({"image": samples.png(), "prompt": "larger"}, Steered())["image"])
    assert made.mode == "RGBA"
    assert made.getpixel((100, 80))[3] == 0  # type: ignore[index]
    for name in ("one pixel", "grey", "sixteen bit", "printing colours"):
        assert shown(expert.run({"image": ODD[name], "prompt": "larger"}, Steered())["image"]).size
    with pytest.raises(BadInput, match="smaller"):
        expert.run({"image": samples.picture(Image.new("1", (4000, 4000))), "prompt": "larger"}, Steered())
    with pytest.raises(Stopped):
        expert.run({"image": picture, "prompt": "larger"}, Steered(stop_at=2))


def test_enlarging_with_less_memory() -> None:
    """After running out of memory tiles get smaller, down to an end, and the picture is as large as before."""
    expert = _expert("image-to-image", "super-resolution", "tiny/swin2sr")
    assert expert.save_memory()
    steer = Steered()
    made = shown(expert.run({"image": samples.picture(samples.photo(230, 50)), "prompt": ""}, steer)["image"])
    assert made.size == (460, 100)
    assert len(steer.progressed) == 3
    assert expert.save_memory()
    assert not expert.save_memory()

"""Experts on our own devices that say what a picture shows: classify, detect, segment, measure distances."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from core.contract import Expert, Outputs, Stopped
from core.errors import BadInput
from core.types import Kind, Media
from tests import samples
from tests.core.experts.odd import ODD, shown
from tests.steers import Steered
from tests.tiny.zoo import loaded

pytestmark = pytest.mark.slow

LOOKERS = (
    ("image-classification", "tiny/vit"),
    ("image-classification", "tiny/resnet-tags"),
    ("object-detection", "tiny/detr"),
    ("object-detection", "tiny/yolos"),
    ("object-detection", "tiny/rt-detr"),
    ("image-segmentation", "tiny/segformer"),
    ("image-segmentation", "tiny/maskformer"),
    ("depth-estimation", "tiny/dpt"),
    ("depth-estimation", "tiny/zoedepth"),
    ("depth-control", "tiny/dpt"),
    ("normal-control", "tiny/zoedepth"),
    ("seg-control", "tiny/segformer"),
    ("seg-control", "tiny/maskformer"),
    ("zero-shot-image-classification", "tiny/clip"),
    ("zero-shot-image-classification", "tiny/siglip"),
)
DETECTORS = [each for each in LOOKERS if each[0] == "object-detection"]


def _inputs(task: str, image: Media) -> dict[str, Any]:
    return {"image": image, **({"labels": ["a cat", "a dog"]} if task.startswith("zero-shot") else {})}


def _ran(expert: Expert, **inputs: Any) -> Outputs:
    return expert.run(inputs, Steered())


@pytest.mark.parametrize(("task", "model"), LOOKERS)
def test_a_batch_gives_what_single_jobs_give(task: str, model: str) -> None:
    """Pictures of all shapes together have the same outputs as each alone; what is no picture costs them nothing."""
    expert = loaded(task, model)
    broken = samples.media(b"nothing", Kind.IMAGE, "image/png", "broken.png")
    pictures = [
        samples.png(),
        samples.jpg(),
        broken,
        samples.webp(),
        samples.picture(samples.photo(90, 40)),
        samples.png(),
    ]
    together = expert.run_batch([(_inputs(task, each), Steered()) for each in pictures])
    assert isinstance(together[2], BadInput)
    for number in (0, 1, 3, 4, 5):
        alone = expert.run(_inputs(task, pictures[number]), Steered())
        found = together[number]
        assert not isinstance(found, Exception)
        assert _rounded(found) == _rounded(alone)


def _rounded(outputs: Outputs) -> Any:
    """Compare numbers to two digits and pictures to a shade: sums in another order differ a little."""

    def near(value: Any) -> Any:
        if isinstance(value, float):
            return round(value, 2)
        if isinstance(value, dict):
            return {key: near(each) for key, each in value.items()}
        if isinstance(value, list):
            return [near(each) for each in value]
        if isinstance(value, Media):
            return shown(value).size, value.name, value.mime
        return value

    return near(dict(outputs))


@pytest.mark.parametrize(("task", "model"), LOOKERS)
def test_odd_pictures(task: str, model: str) -> None:
    """Every odd picture has a result: one pixel, strips, 16 bits, printing colours, see-through, animated."""
    jobs = [(_inputs(task, image), Steered()) for image in ODD.values()]
    results = loaded(task, model).run_batch(jobs)
    failed = {name: result for name, result in zip(ODD, results, strict=True) if isinstance(result, Exception)}
    assert not failed


def test_a_stopped_job_leaves_its_batch() -> None:
    """Of two jobs that are run together, the stopped one ends and the other has its result."""
    expert = loaded("image-classification", "tiny/vit")
    stopped, other = expert.run_batch(
        [({"image": samples.png()}, Steered(stop_at=1)), ({"image": samples.png()}, Steered())]
    )
    assert isinstance(stopped, Stopped)
    assert not isinstance(other, Exception)
    assert other["label"]


def test_classification_adds_up() -> None:
    """Scores of labels of which one is true add up to 1, the ten best of twelve are told, the best one first."""
    outputs: Any = _ran(loaded("image-classification", "tiny/vit"), image=samples.png())
    scores = [row["score"] for row in outputs["scores"]]
    assert len(scores) == 10
    assert scores == sorted(scores, reverse=True)
    assert 0.5 < sum(scores) < 1
    assert outputs["label"] == outputs["scores"][0]["label"]


def test_labels_that_may_all_be_true() -> None:
    """A model of labels that do not exclude each other judges each by itself."""
    outputs: Any = _ran(loaded("image-classification", "tiny/resnet-tags"), image=samples.png())
    assert sum(row["score"] for row in outputs["scores"]) > 1


@pytest.mark.parametrize(("task", "model"), DETECTORS)
def test_boxes_lie_in_the_picture(task: str, model: str) -> None:
    """With threshold 0 there are boxes; all lie within the upright picture, and a higher threshold leaves fewer."""
    expert = loaded(task, model)
    outputs: Any = _ran(expert, image=samples.jpg(), threshold=0.0)
    assert outputs["objects"]
    for row in outputs["objects"]:
        box = row["box"]
        assert 0 <= box["xmin"] <= box["xmax"] <= 48
        assert 0 <= box["ymin"] <= box["ymax"] <= 64
    scores = sorted(row["score"] for row in outputs["objects"])
    fewer: Any = _ran(expert, image=samples.jpg(), threshold=scores[-1])
    assert len(fewer["objects"]) < len(outputs["objects"])
    assert shown(outputs["image"]).size[0] * 64 == shown(outputs["image"]).size[1] * 48


def test_boxes_follow_the_picture_when_it_is_slim() -> None:
    """A strip is shown to the model with something added below; no box reaches into what was added."""
    slim = samples.picture(samples.photo(256, 40))
    outputs: Any = _ran(loaded("object-detection", "tiny/detr"), image=slim, threshold=0.0)
    assert outputs["objects"]
    assert all(row["box"]["ymax"] <= 40 for row in outputs["objects"])


def test_a_segmented_picture_is_shared_out() -> None:
    """Of a semantic model, all pixels belong to something: the shares add up to 1, the largest comes first."""
    outputs: Any = _ran(loaded("image-segmentation", "tiny/segformer"), image=samples.webp())
    shares = [row["share"] for row in outputs["segments"]]
    assert abs(sum(shares) - 1) < 0.01
    assert shares == sorted(shares, reverse=True)


def test_a_universal_model_is_sure_of_things() -> None:
    """A panoptic model names things with scores; they take no more than the whole picture."""
    outputs: Any = _ran(loaded("image-segmentation", "tiny/maskformer"), image=samples.picture(samples.photo(128, 96)))
    assert outputs["segments"]
    assert all(0.5 < row["score"] <= 1 for row in outputs["segments"])
    assert sum(row["share"] for row in outputs["segments"]) <= 1.001


def test_areas_have_the_colours_of_ade20k() -> None:
    """Each pixel of the control image has the colour of one of the model's labels, and the size is the picture's."""
    made = shown(_ran(loaded("seg-control", "tiny/segformer"), image=samples.webp())["image"])
    assert made.size == (64, 48)
    colours = {colour for _, colour in made.convert("RGB").getcolors() or []}
    wall, floor, person, bed = (120, 120, 120), (80, 50, 50), (150, 5, 61), (204, 5, 255)
    assert colours
    assert len(colours - {wall, floor, person, bed}) <= 1  # a unicorn is in no class of ADE20K


@pytest.mark.parametrize("task", ["depth-estimation", "depth-control", "normal-control"])
def test_depth_is_as_large_as_the_picture(task: str) -> None:
    """Upright and at the picture's own size; depth uses the whole range of greys."""
    made = shown(_ran(loaded(task, "tiny/dpt"), image=samples.jpg())["image"])
    assert made.size == (48, 64)
    if task == "depth-estimation":
        assert made.getextrema()[0] < 30  # type: ignore[operator]
        assert made.getextrema()[1] > 225  # type: ignore[operator]


def test_a_single_label_is_held_against_something_else() -> None:
    """Where one label is given, the answer can be no."""
    outputs: Any = _ran(loaded("zero-shot-image-classification", "tiny/clip"), image=samples.png(), labels=["cat"])
    assert {row["label"] for row in outputs["scores"]} == {"cat", "something else"}


def test_labels_are_tidied() -> None:
    """Blank and repeated labels are left out; all that remain have a score, however many there are."""
    labels = ["cat", " cat ", "", "🦊", *(f"thing {number}" for number in range(30))]
    outputs: Any = _ran(loaded("zero-shot-image-classification", "tiny/clip"), image=samples.png(), labels=labels)
    assert len(outputs["scores"]) == 31
    assert abs(sum(row["score"] for row in outputs["scores"]) - 1) < 0.01


def test_labels_in_one_text() -> None:
    """A planner may give all labels in one sentence."""
    outputs: Any = _ran(
        loaded("zero-shot-image-classification", "tiny/clip"), image=samples.png(), labels=["cat, dog or fox"]
    )
    assert {row["label"] for row in outputs["scores"]} == {"cat", "dog", "fox"}


@pytest.mark.parametrize("labels", [[], ["", "  "], ["?!"], [f"label {number}" for number in range(201)]])
def test_labels_that_are_none(labels: list[str]) -> None:
    """Without labels, or with too many, the answer is a sentence."""
    with pytest.raises(BadInput):
        _ran(loaded("zero-shot-image-classification", "tiny/clip"), image=samples.png(), labels=labels)


def test_capitals_of_labels_for_siglip() -> None:
    """SigLIP was shown small letters only: capitals change nothing, and the label is told as it was written."""
    expert = loaded("zero-shot-image-classification", "tiny/siglip")
    rows: Any = [_ran(expert, image=samples.png(), labels=labels)["scores"] for labels in (["a cat"], ["A Cat"])]
    assert rows[0][0]["score"] == rows[1][0]["score"]
    assert rows[1][0]["label"] == "A Cat"


def test_a_label_longer_than_the_model_reads() -> None:
    """It is cut where the model's text ends, also where its tokenizer's files do not tell where that is."""
    expert: Any = loaded("zero-shot-image-classification", "tiny/clip")
    expert.tokenizer.model_max_length = int(1e30)
    assert len(_ran(expert, image=samples.png(), labels=["cat " * 200, "dog"])["scores"]) == 2  # type: ignore[arg-type]


def test_labels_without_names_are_numbered_classes() -> None:
    """Many repositories say LABEL_0 for want of a name: people read "class 0"."""
    expert: Any = loaded("image-classification", "tiny/vit")
    expert.network.config.id2label = {number: f"LABEL_{number}" for number in range(12)}
    rows: Any = _ran(expert, image=samples.png())["scores"]
    assert {row["label"] for row in rows} <= {f"class {number}" for number in range(12)}


def test_a_photo_stays_a_jpeg() -> None:
    """What is drawn on a photo is as compact as the photo; on a drawing it is a PNG."""
    expert = loaded("object-detection", "tiny/detr")
    assert _media(_ran(expert, image=samples.jpg())["image"]).mime == "image/jpeg"
    assert _media(_ran(expert, image=samples.png())["image"]).mime == "image/png"


def test_a_huge_picture() -> None:
    """Sixty million pixels are taken in, and boxes refer to them."""
    file = io.BytesIO()
    Image.new("RGB", (10_000, 6_000), "blue").save(file, "JPEG")
    huge = samples.media(file.getvalue(), Kind.IMAGE, "image/jpeg", "huge.jpg")
    outputs: Any = _ran(loaded("object-detection", "tiny/detr"), image=huge, threshold=0.0)
    assert max(row["box"]["xmax"] for row in outputs["objects"]) > 1_000
    assert shown(outputs["image"]).size == (10_000, 6_000)


def _media(value: object) -> Media:
    assert isinstance(value, Media)
    return value

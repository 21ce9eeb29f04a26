"""Processors of repositories as they are: many were written by a library of years ago, and nobody has touched them."""

import json
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")

from core.local.processors import image_processor_of, processor_of
from tests import samples
from tests.tiny import tokenizers

TWICE = {"feature_extractor_type": "{}FeatureExtractor", "image_processor_type": "{}FeatureExtractor"}
"""How a name of the past stands in files that were read and written anew in 2023."""


def written(folder: Path, kind: str, model: str = "", **settings: Any) -> Path:
    """Write what a repository of the past says about its pictures, and which model it holds."""
    named = {key: name.format(kind) for key, name in TWICE.items()}
    (folder / "preprocessor_config.json").write_text(json.dumps({**named, **settings}))
    (folder / "config.json").write_text(json.dumps({"model_type": model or kind.lower()}))
    return folder


@pytest.mark.parametrize(
    ("kind", "settings", "shape"),
    [
        ("Segformer", {"size": 64, "reduce_labels": True}, (3, 64, 64)),
        ("OwlViT", {"size": [64, 64], "crop_size": 64, "do_center_crop": False}, (3, 64, 64)),
        ("Donut", {"size": [48, 64], "do_thumbnail": True, "do_pad": True}, (3, 64, 48)),
        ("Yolos", {"size": 64, "max_size": 96, "format": "coco_detection"}, (3, 64, 80)),
        ("GLPN", {"size_divisor": 32}, (3, 128, 192)),
    ],
)
def test_pictures_for_a_class_that_is_gone(
    tmp_path: Path, kind: str, settings: dict[str, Any], shape: tuple[int, ...]
) -> None:
    """What the files call a feature extractor is the image processor of that name, with sizes as they were written."""
    processor = image_processor_of(written(tmp_path, kind, **settings))
    assert type(processor).__name__.startswith(f"{kind}ImageProcessor")
    pixels = processor(images=samples.photo(200, 150), return_tensors="pt")["pixel_values"]
    assert tuple(pixels.shape[1:]) == shape


def test_pictures_and_words_for_a_class_that_is_gone(tmp_path: Path) -> None:
    """A processor is put together from such parts: of the class that its files name, else of its model's."""
    tokenizers.bert(model_max_length=40).save_pretrained(tmp_path)
    folder = written(tmp_path, "Vilt", size=64, size_divisor=32)
    processor = processor_of(folder)
    assert type(processor).__name__ == "ViltProcessor"
    encoded = processor(samples.photo(200, 150), "is this good ?", return_tensors="pt")
    assert set(encoded) >= {"input_ids", "pixel_values", "pixel_mask"}
    written(folder, "Donut", model="vision-encoder-decoder", size=[48, 64], processor_class="DonutProcessor")
    assert type(processor_of(folder)).__name__ == "DonutProcessor"

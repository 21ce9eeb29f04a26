"""The colours of ADE20K: in them ControlNet's segmentation models were shown what is where."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from core.media.segments import Segments
from core.media.tags import Colour, colours_of

if TYPE_CHECKING:
    from PIL.Image import Image

ALSO = {  # what COCO's and Cityscapes' classes are called in ADE20K
    "couch": "sofa",
    "dining table": "table",
    "tv": "television receiver",
    "motorcycle": "minibike",
    "potted plant": "plant",
    "wine glass": "glass",
    "vegetation": "tree",
    "terrain": "earth",
    "ground": "earth",
    "traffic sign": "signboard",
    "window": "windowpane",
    "fridge": "refrigerator",
    "rider": "person",
    **dict.fromkeys(("cat", "dog", "horse", "sheep", "cow", "bird", "bear", "zebra", "giraffe", "elephant"), "animal"),
}


@cache
def ade20k() -> dict[str, Colour]:
    """Return the colour of each class, in their order."""
    text = Path(__file__).with_name("ade20k.toml").read_text(encoding="utf-8")
    return {name: _rgb(code) for name, code in tomllib.loads(text).items()}


def palette_of(labels: Sequence[str]) -> list[Colour]:
    """Return ADE20K's colour for each label of a model; what it does not know gets another colour that it has none of.

    A model with as many labels as ADE20K has classes was trained on it: they are in its order, however they are
    spelled.
    """
    known = ade20k()
    if len(labels) == len(known):
        return list(known.values())
    others = colours_of(label for label in labels if _class(label) is None)
    return [known[name] if (name := _class(label)) else others[label] for label in labels]


def flat(segments: Segments, colours: Iterable[Colour]) -> Image:
    """Return each thing in its one colour, black where there is none."""
    import numpy as np
    import PIL.Image

    table = np.array([(0, 0, 0), *colours], np.uint8)
    return PIL.Image.fromarray(table[segments.ids + 1])


def _class(label: str) -> str | None:
    """Return the class that a label means: ``wall-brick`` and ``tree-merged`` of COCO are a wall and a tree."""
    words = label.lower().replace("_", " ")
    known = ade20k()
    for name in (words, ALSO.get(words, ""), words.split("-")[0].strip(), ALSO.get(words.split("-")[0], "")):
        if name in known:
            return name
    return next((name for part in words.split(",") if (name := part.strip()) in known), None)


def _rgb(code: str) -> Colour:
    return int(code[1:3], 16), int(code[3:5], 16), int(code[5:7], 16)

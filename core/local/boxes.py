"""What detectors find: boxes of things."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from core.contract import Inputs, Outputs
from core.local.pictures import Look
from core.media.marks import Mark, within

LEAST = 0.02
"""Score below which nothing that a detector gives is looked at: the threshold of a job may be 0."""

MOST = 100
"""How many things are told and drawn, the surest ones."""


def marks_of(processor: Any, outputs: Any, looks: Sequence[Look], names: Mapping[int, str]) -> list[list[Mark]]:
    """Return what a detector found in each picture, in the picture's pixels, the surest first."""
    found = processor.post_process_object_detection(outputs, threshold=LEAST, target_sizes=frames(looks))
    return [
        marked(each, [names[int(number)] for number in each["labels"]], look)
        for each, look in zip(found, looks, strict=True)
    ]


def frames(looks: Sequence[Look]) -> Any:
    """Return heights and widths of the views in the pictures' pixels, as processors ask for them."""
    import torch

    return torch.tensor([look.view.frame[::-1] for look in looks])


def marked(found: Mapping[str, Any], labels: Sequence[str], look: Look) -> list[Mark]:
    """Return one picture's scores and boxes as marks."""
    scores, boxes = found["scores"].float().cpu().tolist(), found["boxes"].float().cpu().tolist()
    marks = [Mark(label, score, tuple(box)) for label, score, box in zip(labels, scores, boxes, strict=True)]
    return within(marks, look.view.size)


def shown(inputs: Inputs, marks: Sequence[Mark]) -> Outputs:
    """Return the outputs of a detector: the things as rows, and drawn on a copy of ``image``."""
    from core.media.images import format_like, named, on_white, open_image, to_media
    from core.media.marks import boxed

    media = inputs["image"]
    image = on_white(open_image(media))
    told = marks[:MOST]
    picture = to_media(boxed(image, told), named(media.name, ".png", "objects"), format_like(media, image))
    return {"objects": [mark.row() for mark in told], "image": picture}

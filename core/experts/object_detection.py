"""object-detection: the things in an image, each with its box."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from core.contract import Give, Inputs, Outputs, TaskType, local
from core.experts._shapes import IMAGE, OBJECTS, threshold
from core.local.pictures import Look, PictureExpert
from core.media.marks import Mark
from core.types import Kind

TYPE = TaskType(
    name="object-detection",
    summary="Find the things in an image, count them and draw a box around each.",
    takes=(IMAGE, threshold(0.5)),
    gives=(
        OBJECTS,
        Give(name="image", kind=Kind.IMAGE, about="the image with the boxes drawn on it"),
    ),
    examples=(
        "How many people are in this picture?",
        "Find all objects in a.jpg",
        "Draw boxes around the cars",
    ),
)


@local(TYPE)
class ObjectDetector(PictureExpert[list[Mark]]):
    """Models of the DETR kind, which give each thing one box: RT-DETR, D-FINE, YOLOS and others."""

    batch: ClassVar[int] = 8

    def load(self) -> None:
        from transformers import AutoModelForObjectDetection

        self.load_network(AutoModelForObjectDetection)

    def read(self, outputs: Any, looks: Sequence[Look]) -> Sequence[list[Mark]]:
        from core.local.boxes import marks_of

        return marks_of(self.processor, outputs, looks, self.network.config.id2label)

    def present(self, inputs: Inputs, look: Look, found: list[Mark]) -> Outputs:
        """Give what reaches the threshold, with boxes in pixels of the upright picture."""
        from core.local.boxes import shown

        return shown(inputs, [mark for mark in found if mark.score >= inputs.get("threshold", 0.5)])

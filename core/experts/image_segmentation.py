"""image-segmentation: which pixels of an image belong to which thing."""

from __future__ import annotations

from core.experts._shapes import IMAGE
from core.registry import Give, TaskType
from core.types import Kind

TYPE = TaskType(
    name="image-segmentation",
    summary="Divide an image into its things, pixel by pixel, each in a colour of its own.",
    takes=(IMAGE,),
    gives=(
        Give(name="image", kind=Kind.IMAGE, about="the image with each segment coloured"),
        Give(name="segments", kind=Kind.TABLE, about="rows of label, score (0 to 1) and share of the image (0 to 1)"),
    ),
    examples=(
        "Segment this image",
        "Which parts of a.jpg are sky, road and cars?",
    ),
)

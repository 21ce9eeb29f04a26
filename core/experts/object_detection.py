"""object-detection: the things in an image, each with its box."""

from __future__ import annotations

from core.experts._shapes import IMAGE, OBJECTS
from core.registry import Give, TaskType
from core.types import Kind

TYPE = TaskType(
    name="object-detection",
    summary="Find the things in an image, count them and draw a box around each.",
    takes=(IMAGE,),
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

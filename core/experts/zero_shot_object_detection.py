"""zero-shot-object-detection: the things of given names in an image, each with its box."""

from __future__ import annotations

from core.experts._shapes import IMAGE, LABELS, OBJECTS
from core.registry import Give, TaskType
from core.types import Kind

TYPE = TaskType(
    name="zero-shot-object-detection",
    summary="Find the things named in an image, whatever they are, and draw a box around each.",
    takes=(
        IMAGE,
        LABELS,
    ),
    gives=(
        OBJECTS,
        Give(name="image", kind=Kind.IMAGE, about="the image with the boxes drawn on it"),
    ),
    examples=(
        "Find the umbrella and the red shoe in this picture",
        "Where is the remote control in a.jpg?",
    ),
)

"""image-to-video: a short video that starts from an image."""

from __future__ import annotations

from core.experts._shapes import GENERATOR, IMAGE, SEEDED
from core.registry import Give, Take, TaskType
from core.types import Kind

TYPE = TaskType(
    name="image-to-video",
    summary="Bring an image to life as a short video.",
    takes=(
        IMAGE,
        Take(name="prompt", kinds=(Kind.TEXT,), about="what happens in the video", required=False),
        *GENERATOR,
    ),
    gives=(Give(name="video", kind=Kind.VIDEO), SEEDED),
    repeatable=False,
    seconds=900,
    examples=(
        "Bring this picture to life",
        "Make a video in which the waves of a.jpg move",
    ),
)

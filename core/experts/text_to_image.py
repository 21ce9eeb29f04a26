"""text-to-image: a new image after a description."""

from __future__ import annotations

from core.experts._shapes import NEGATIVE, PICTURE, SEED, SEEDED, STEPS, prompt
from core.registry import Take, TaskType
from core.types import Kind

TYPE = TaskType(
    name="text-to-image",
    summary="Paint an image from a description.",
    takes=(
        prompt("what the image shows"),
        NEGATIVE,
        Take(name="width", kinds=(Kind.NUMBER,), about="in pixels", required=False, low=64, high=2048),
        Take(name="height", kinds=(Kind.NUMBER,), about="in pixels", required=False, low=64, high=2048),
        STEPS,
        SEED,
    ),
    gives=(PICTURE, SEEDED),
    repeatable=False,
    seconds=600,
    examples=(
        "Draw a dancing cat",
        "Generate pictures of a cat and of a dog",
        "Paint a red car seen from the side",
    ),
)

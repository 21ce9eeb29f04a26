"""text-to-image: a new image after a description."""

from __future__ import annotations

from core.experts._shapes import PICTURE, prompt
from core.registry import Take, TaskType
from core.types import Kind

TYPE = TaskType(
    name="text-to-image",
    summary="Paint an image from a description.",
    takes=(
        prompt("what the image shows"),
        Take(name="negative_prompt", kinds=(Kind.TEXT,), about="what it should not show", required=False),
        Take(name="width", kinds=(Kind.NUMBER,), about="in pixels", required=False, low=64, high=2048),
        Take(name="height", kinds=(Kind.NUMBER,), about="in pixels", required=False, low=64, high=2048),
        Take(
            name="steps",
            kinds=(Kind.NUMBER,),
            about="more steps take longer and show more detail",
            required=False,
            low=1,
            high=150,
        ),
        Take(
            name="seed",
            kinds=(Kind.NUMBER,),
            about="the same seed gives the same image",
            required=False,
            low=0,
            high=2**32 - 1,
        ),
    ),
    gives=(PICTURE,),
    repeatable=False,
    seconds=600,
    examples=(
        "Draw a dancing cat",
        "Generate pictures of a cat and of a dog",
        "Paint a red car seen from the side",
    ),
)

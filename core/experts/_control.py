"""The task types of controlled image generation: eight ways to draw what steers it, and to paint after that.

A control image keeps one aspect of a picture (its edges, its depth, a person's pose); the type with the same first
word and ``-text-to-image`` paints a new picture that keeps this aspect and otherwise follows the prompt.
"""

from __future__ import annotations

from core.experts._shapes import GENERATOR, IMAGE, PICTURE, SEEDED, prompt
from core.registry import Give, Take, TaskType
from core.types import Kind


def control(name: str, aspect: str, *examples: str) -> TaskType:
    """Return the type ``<name>-control``: from a picture to the control image that shows its ``aspect``."""
    return TaskType(
        name=f"{name}-control",
        summary=f"Draw the {aspect} of an image, as a control image for {name}-text-to-image.",
        takes=(IMAGE,),
        gives=(Give(name="image", kind=Kind.IMAGE, about=f"the {aspect}, as large as the image"),),
        examples=examples,
    )


def controlled(name: str, aspect: str, *examples: str) -> TaskType:
    """Return the type ``<name>-text-to-image``: from a control image and a prompt to a new picture."""
    about = f"the control image: what {name}-control gives"
    return TaskType(
        name=f"{name}-text-to-image",
        summary=f"Paint an image from a text that keeps the {aspect} of a control image made by {name}-control.",
        takes=(Take(name="image", kinds=(Kind.IMAGE,), about=about), prompt("what the new image shows"), *GENERATOR),
        gives=(PICTURE, SEEDED),
        repeatable=False,
        seconds=600,
        examples=examples,
    )

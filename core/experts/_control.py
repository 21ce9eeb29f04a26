"""The task types of controlled image generation: eight ways to draw what steers it, and to paint after that.

A control image keeps one aspect of a picture (its edges, its depth, a person's pose); the type with the same first
word and ``-text-to-image`` paints a new picture that keeps this aspect and otherwise follows the prompt.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from core.contract import Give, Inputs, Outputs, Steer, Take, TaskType
from core.experts._shapes import GENERATOR, IMAGE, PICTURE, SEEDED, prompt
from core.local.diffusion import DiffusionExpert
from core.local.pipelines import control as network
from core.local.pipelines import derived, sibling
from core.media.recipe import painted
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


class ControlledPainter(DiffusionExpert):
    """Paints with a control network beside a base model, the part called "base", whose weights others use as well."""

    @property
    def weights(self) -> Path:
        return self.part("base")

    def derive(self, pipe: Any) -> Any:
        made = sibling(pipe, "ControlNet")
        return derived(made, pipe, controlnet=self.placed(network(self.folder, self.dtype)))

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        """Paint in the shape of the control image."""
        from core.media.images import open_image

        image = self.fitted(open_image(inputs["image"]), inputs["image"].name)
        name = "control_image" if self.takes("control_image") else "image"
        told: dict[str, Any] = {name: image}
        output, recipe = self.generate(inputs, steer, image.size, **told)
        return {"image": painted(output.images[0], recipe), **recipe.seeded()}

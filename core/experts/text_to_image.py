"""text-to-image: a new image after a description."""

from __future__ import annotations

from typing import Any

from core.contract import Inputs, Outputs, Steer, Take, TaskType, local
from core.experts._shapes import NEGATIVE, PICTURE, SEED, SEEDED, STEPS, prompt
from core.local.diffusion import DiffusionExpert
from core.local.pipelines import derived
from core.media.recipe import painted
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


@local(TYPE)
class Painter(DiffusionExpert):
    """Paints with any text-to-image pipeline of diffusers."""

    def derive(self, pipe: Any) -> Any:
        return derived(type(pipe), pipe)

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        width, height = inputs.get("width"), inputs.get("height")
        size = self.canvas.wished(width, height)
        capped = (width or 0) > size[0] + self.canvas.multiple or (height or 0) > size[1] + self.canvas.multiple
        remark = f"at {size[0]} x {size[1]} pixels, as large as the model paints" if capped else ""
        output, recipe = self.generate(inputs, steer, size, remark)
        return {"image": painted(output.images[0], recipe), **recipe.seeded()}

"""image-to-image: another image after a wish in words. Simple edits are built in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from math import ceil
from typing import Any
from zlib import crc32

from core.contract import Expert, Fit, Inputs, Model, Outputs, Steer, Take, TaskType, expert, local
from core.errors import ExpertFailed
from core.experts._shapes import IMAGE, PICTURE, SEED, STEPS, prompt
from core.local.diffusion import DiffusionExpert
from core.local.pipelines import derived, sibling
from core.local.super_resolution import SuperResolutionExpert
from core.media.canvas import Size
from core.media.edits import ABILITIES, Edit
from core.media.recipe import Recipe, painted
from core.media.wishes import understood
from core.types import Kind

LARGER = re.compile(
    r"upscal|super.?resolution|enlarg|(higher|better|more) (resolution|quality)|sharper|more detail", re.IGNORECASE
)
"""How people ask for more pixels."""

STRENGTH = 0.6
"""How much painting over a picture changes it where nobody says: its layout stays, its style follows the prompt."""

TYPE = TaskType(
    name="image-to-image",
    summary="Change an image as a text says.",
    takes=(
        IMAGE,
        prompt("what to change, in words"),
        Take(
            name="strength",
            kinds=(Kind.NUMBER,),
            about="how much a painting model may change, from 0.05 (little) to 1 (all)",
            required=False,
            low=0.05,
            high=1,
        ),
        STEPS,
        SEED,
    ),
    gives=(PICTURE,),
    examples=(
        "Make this picture black and white and rotate it by 90 degrees",
        "Turn a.jpg into a pencil sketch",
        "Crop it to a square and make it 512 pixels wide",
        "Blur this image a bit",
    ),
)


@expert(
    TYPE,
    Model(
        id="simple-edits",
        about="Grey, sketch, sepia, negative, outlines; blur, sharpen, brightness, contrast, colours; crop, resize, "
        "rotate, flip; several in one wish. It changes whole images, animations too, and paints nothing new.",
        licence="MIT-CMU",
        languages=("en",),
        revision="pillow 12, opencv 5",
        needs=("cv2", "PIL"),
    ),
)
class SimpleEdits(Expert):
    """Edits that need no model."""

    @classmethod
    def fit(cls, model: Model, args: Mapping[str, Any]) -> Fit:
        prompt = args.get("prompt")
        if not isinstance(prompt, str):
            return Fit.SOME
        return Fit.MADE if understood(prompt) else Fit.NONE

    def load(self) -> None:
        """Import OpenCV."""
        import cv2

        cv2.setNumThreads(0)

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        """Give ``image`` edited as ``prompt`` says, in the order it says so. Raises ExpertFailed, BadInput."""
        from core.media.images import named
        from core.media.moving import changed
        from core.media.retouch import name_of, retouched

        edits = _edits(inputs["prompt"])
        steps = [(name_of(edit), partial(retouched, edit=edit)) for edit in edits]
        words = "-".join(dict.fromkeys(name_of(edit) for edit in edits))
        name = named(inputs["image"].name, ".png", words[:60])
        return {"image": changed(inputs["image"], steps, name, steer)}


def _edits(wish: str) -> tuple[Edit, ...]:
    edits = understood(wish)
    if not edits:
        raise ExpertFailed(
            f"I do not know how to do this to a picture by myself: “{wish.strip()[:200]}”. I can {ABILITIES}. "
            "For anything else a diffusion model is needed, on a device of your own or through a Hugging Face token."
        )
    return edits


class _Repainter(DiffusionExpert):
    """Paints another picture out of one and a prompt."""

    def seed(self, inputs: Inputs) -> int:
        """The same wish on the same picture gives the same result: this task type is repeatable."""
        if inputs.get("seed") is not None:
            return super().seed(inputs)
        return crc32(inputs["prompt"].encode(errors="replace"), crc32(inputs["image"].data))

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        """Give ``image`` as ``prompt`` says, in the size that the model paints."""
        from core.media.images import named, open_image

        image = self.fitted(open_image(inputs["image"]), inputs["image"].name)
        output, recipe = self.generate(inputs, steer, image.size, image=image)
        made = painted(output.images[0], recipe)
        return {"image": replace(made, name=named(inputs["image"].name, ".png", "edited"))}


@local(TYPE, "instruct-pix2pix")
class InstructedEditor(_Repainter):
    """Runs the pipeline that the files name, made to follow an instruction: InstructPix2Pix and its heirs."""

    def derive(self, pipe: Any) -> Any:
        return derived(type(pipe), pipe)


@local(TYPE, "text-to-image")
class PainterOver(_Repainter):
    """Paints over a picture with a text-to-image model, from a noisy copy of it. The prompt says the result."""

    def derive(self, pipe: Any) -> Any:
        return derived(sibling(pipe, "Img2Img"), pipe)

    def generate(self, inputs: Inputs, steer: Steer, size: Size, remark: str = "", **more: Any) -> tuple[Any, Recipe]:
        """Of the steps, only the share that ``strength`` names is done: there are as many as leave one to do."""
        strength = float(inputs.get("strength") or self.setting("strength") or STRENGTH)
        steps = int(inputs.get("steps") or self.setting("steps") or self.default("num_inference_steps") or 1)
        told = {**inputs, "steps": max(steps, ceil(1 / strength))}
        return super().generate(told, steer, size, remark, strength=strength, **more)


@local(TYPE, "super-resolution")
class Enlarger(SuperResolutionExpert):
    """Makes the whole image larger, whatever the prompt says."""

    @classmethod
    def fit(cls, model: Model, args: Mapping[str, Any]) -> Fit:
        return Fit.MADE if LARGER.search(str(args.get("prompt", ""))) else Fit.NONE

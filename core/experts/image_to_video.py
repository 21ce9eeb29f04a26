"""image-to-video: a short video that starts from an image."""

from __future__ import annotations

from typing import Any, ClassVar

from core.contract import Give, Inputs, Outputs, Steer, Take, TaskType, local
from core.experts._shapes import GENERATOR, IMAGE, SEEDED
from core.local.filming import FilmingExpert
from core.local.pipelines import derived
from core.media.canvas import Size
from core.media.recipe import Recipe
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


_FROM_TEXT = {"WanPipeline": "WanImageToVideoPipeline", "LTXPipeline": "LTXImageToVideoPipeline"}
"""Pipelines that start from text, and those that start from a picture with the same weights."""


@local(TYPE)
class Animator(FilmingExpert):
    """Films with whichever image-to-video pipeline the model's files name: Wan, LTX, Stable Video Diffusion ..."""

    prompted: ClassVar[bool] = False

    def derive(self, pipe: Any) -> Any:
        import diffusers

        name = type(pipe).__name__
        name = _FROM_TEXT.get(name, name)
        self._reader = derived(diffusers.WanPipeline, pipe) if name == "WanImageToVideoPipeline" else None
        return derived(getattr(diffusers, name), pipe)

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        """Start from ``image``, in its shape."""
        from core.media.images import open_image

        image = self.fitted(open_image(inputs["image"]), inputs["image"].name)
        output, recipe = self.generate(inputs, steer, image.size, image=image, **self.lengths())
        return {"video": self.film(output, recipe), **recipe.seeded()}

    def generate(self, inputs: Inputs, steer: Steer, size: Size, remark: str = "", **more: Any) -> tuple[Any, Recipe]:
        """Let Wan's other pipeline read the prompt: this one cannot without a library that the other can do without."""
        if self._reader is not None:
            import torch

            self._base.prepare(self.pipe)
            with torch.inference_mode():
                read, unwished = self._reader.encode_prompt(
                    (inputs.get("prompt") or "").strip(),
                    (inputs.get("negative_prompt") or "").strip(),
                    device=self.pipe._execution_device,  # noqa: SLF001 - where its hooks move what it runs
                )
            more = {**more, "prompt": None, "negative_prompt": None}
            more |= {"prompt_embeds": read, "negative_prompt_embeds": unwished}
        return super().generate(inputs, steer, size, remark, **more)

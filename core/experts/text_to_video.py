"""text-to-video: a new video after a description."""

from __future__ import annotations

from typing import Any

from core.contract import Give, Inputs, Outputs, Steer, TaskType, local
from core.experts._shapes import GENERATOR, SEEDED, prompt
from core.local.filming import FilmingExpert
from core.local.pipelines import derived
from core.types import Kind

TYPE = TaskType(
    name="text-to-video",
    summary="Make a short video from a description.",
    takes=(prompt("what the video shows"), *GENERATOR),
    gives=(Give(name="video", kind=Kind.VIDEO), SEEDED),
    repeatable=False,
    seconds=900,
    examples=(
        "Make a video of astronauts on a walk",
        "Film a dog that chases its tail",
    ),
)


@local(TYPE)
class Filmer(FilmingExpert):
    """Films with whichever text-to-video pipeline the model's files name: Wan, LTX, CogVideoX, ModelScope ..."""

    def derive(self, pipe: Any) -> Any:
        return derived(type(pipe), pipe)

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        output, recipe = self.generate(inputs, steer, self.canvas.wished(None, None), **self.lengths())
        return {"video": self.film(output, recipe), **recipe.seeded()}

"""text-to-video: a new video after a description."""

from __future__ import annotations

from core.experts._shapes import GENERATOR, SEEDED, prompt
from core.registry import Give, TaskType
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

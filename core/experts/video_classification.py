"""video-classification: what happens in a video, as labels."""

from __future__ import annotations

from core.experts._shapes import LABEL, SCORES, VIDEO
from core.registry import TaskType

TYPE = TaskType(
    name="video-classification",
    summary="Say what happens in a video: the most likely label, with scores.",
    takes=(VIDEO,),
    gives=(
        LABEL,
        SCORES,
    ),
    seconds=300,
    examples=(
        "What happens in this video?",
        "Which sport is played in clip.mp4?",
    ),
)

"""audio-classification: what is heard in a recording, as labels."""

from __future__ import annotations

from core.experts._shapes import LABEL, SCORES, SOUND
from core.registry import TaskType

TYPE = TaskType(
    name="audio-classification",
    summary="Say what is heard in a recording: speech, music, a dog, an emotion.",
    takes=(SOUND,),
    gives=(
        LABEL,
        SCORES,
    ),
    examples=(
        "What do you hear in this recording?",
        "Is the speaker happy or angry?",
    ),
)

"""audio-to-audio: the same recording, cleaned or changed."""

from __future__ import annotations

from core.experts._shapes import SOUND
from core.registry import Give, TaskType
from core.types import Kind

TYPE = TaskType(
    name="audio-to-audio",
    summary="Clean a recording or change the voice in it.",
    takes=(SOUND,),
    gives=(Give(name="audio", kind=Kind.AUDIO),),
    seconds=600,
    examples=(
        "Remove the noise from this recording",
        "Enhance the speech in a.mp3",
    ),
)

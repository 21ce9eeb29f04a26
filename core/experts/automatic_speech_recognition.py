"""automatic-speech-recognition: writes down what is said. No embedded expert does it."""

from __future__ import annotations

from core.registry import Give, Take, TaskType
from core.types import Kind

TYPE = TaskType(
    name="automatic-speech-recognition",
    summary="Write down what is said in a recording or a video.",
    takes=(Take(name="audio", kinds=(Kind.AUDIO, Kind.VIDEO), about="the recording"),),
    gives=(
        Give(name="text", kind=Kind.TEXT, about="what is said"),
        Give(name="chunks", kind=Kind.TABLE, about="text, start, end (in seconds)"),
    ),
    seconds=600.0,
    examples=("Transcribe this recording.", "What does she say in this video?"),
)

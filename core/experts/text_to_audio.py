"""text-to-audio: makes music or sounds from a description. No embedded expert does it."""

from __future__ import annotations

from core.registry import Give, Take, TaskType
from core.types import Kind

TYPE = TaskType(
    name="text-to-audio",
    summary="Make music or a sound from a description (not speech).",
    takes=(Take(name="prompt", kinds=(Kind.TEXT,), about="the music or sound wanted"),),
    gives=(Give(name="audio", kind=Kind.AUDIO, about="the sound"),),
    repeatable=False,
    seconds=300.0,
    examples=("Compose a calm piano piece.", "Make the sound of rain on a roof."),
)

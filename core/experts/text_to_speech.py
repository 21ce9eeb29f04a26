"""text-to-speech: says a text aloud."""

from __future__ import annotations

from core.registry import Give, Take, TaskType
from core.types import Kind

TYPE = TaskType(
    name="text-to-speech",
    summary="Say a text aloud.",
    takes=(
        Take(name="text", kinds=(Kind.TEXT,), about="the text to say"),
        Take(
            name="language",
            kinds=(Kind.TEXT,),
            about="language of the voice, a name or an ISO 639 code; detected if not given",
            required=False,
        ),
        Take(
            name="speed",
            kinds=(Kind.NUMBER,),
            about="1 is normal, 2 is twice as fast",
            required=False,
            default=1.0,
            low=0.5,
            high=2.5,
        ),
    ),
    gives=(Give(name="audio", kind=Kind.AUDIO, about="the speech"),),
    seconds=300.0,
    examples=("Say it aloud.", "Read this text to me slowly.", "Speak 'Guten Morgen' in German."),
)

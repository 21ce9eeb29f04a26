"""image-to-text: reads the text in a picture or a document."""

from __future__ import annotations

from core.registry import Give, Take, TaskType
from core.types import Kind

TYPE = TaskType(
    name="image-to-text",
    summary="Read the text in a picture, a photo, a scan or a PDF.",
    takes=(Take(name="image", kinds=(Kind.IMAGE, Kind.DOCUMENT), about="the picture or document"),),
    gives=(
        Give(name="text", kind=Kind.TEXT, about="the text in reading order"),
        Give(name="lines", kind=Kind.TABLE, about="text, score, box (in pixels), page (from 1)"),
    ),
    seconds=300.0,
    examples=("Read this for me.", "What does this sign say?", "Get the text out of this scan."),
)

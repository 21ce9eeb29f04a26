"""Arguments and outputs that several task types share."""

from __future__ import annotations

from core.registry import Give, Take
from core.types import Kind

IMAGE = Take(name="image", kinds=(Kind.IMAGE,))
VIDEO = Take(name="video", kinds=(Kind.VIDEO,))
SOUND = Take(name="audio", kinds=(Kind.AUDIO, Kind.VIDEO), about="a recording, or a video for its sound track")
LABELS = Take(name="labels", kinds=(Kind.TEXT,), about="the words to choose from", many=True)

PICTURE = Give(name="image", kind=Kind.IMAGE)
LABEL = Give(name="label", kind=Kind.TEXT, about="the most likely label")
SCORES = Give(name="scores", kind=Kind.TABLE, about="rows of label and score (0 to 1), most likely first")
OBJECTS = Give(
    name="objects", kind=Kind.TABLE, about="rows of label, score (0 to 1) and box (xmin, ymin, xmax, ymax in pixels)"
)


def prompt(about: str) -> Take:
    """Return the argument that says in words what is wished."""
    return Take(name="prompt", kinds=(Kind.TEXT,), about=about)

"""scribble-text-to-image: a new image that keeps the strokes of another."""

from __future__ import annotations

from core.contract import local
from core.experts._control import ControlledPainter, controlled

TYPE = controlled(
    "scribble",
    "strokes",
    "Turn my scribble into a photo of a turtle",
    "Paint a castle after this rough sketch",
)


@local(TYPE)
class ScribblePainter(ControlledPainter):
    """Paints with a control network for scribbles."""

"""canny-text-to-image: a new image that keeps the edges of another."""

from __future__ import annotations

from core.contract import local
from core.experts._control import ControlledPainter, controlled

TYPE = controlled(
    "canny",
    "edges",
    "Paint a car of glass with the edges of this picture",
    "Use the canny image of a.jpg to draw it as an oil painting",
)


@local(TYPE)
class CannyPainter(ControlledPainter):
    """Paints with a control network for edges."""

"""hed-text-to-image: a new image that keeps the soft outlines of another."""

from __future__ import annotations

from core.contract import local
from core.experts._control import ControlledPainter, controlled

TYPE = controlled(
    "hed",
    "soft outlines",
    "Paint this portrait again in the style of Rembrandt, keep its outlines",
    "Draw a winter scene after this HED map",
)


@local(TYPE)
class HedPainter(ControlledPainter):
    """Paints with a control network for soft outlines."""

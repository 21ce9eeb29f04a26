"""depth-text-to-image: a new image that keeps the depth of another."""

from __future__ import annotations

from core.contract import local
from core.experts._control import ControlledPainter, controlled

TYPE = controlled(
    "depth",
    "depth",
    "Paint this street in the year 2200 with the same depth",
    "Draw a forest with the distances of this picture",
)


@local(TYPE)
class DepthPainter(ControlledPainter):
    """Paints with a control network for depth."""

"""seg-text-to-image: a new image that keeps the layout of areas of another."""

from __future__ import annotations

from core.contract import local
from core.experts._control import ControlledPainter, controlled

TYPE = controlled(
    "seg",
    "layout of areas",
    "Paint a Japanese garden after this segmentation map",
    "Draw another room with this layout",
)


@local(TYPE)
class SegmentsPainter(ControlledPainter):
    """Paints with a control network for segments."""

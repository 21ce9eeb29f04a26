"""normal-text-to-image: a new image that keeps the surface directions of another."""

from __future__ import annotations

from core.contract import local
from core.experts._control import ControlledPainter, controlled

TYPE = controlled(
    "normal",
    "surface directions",
    "Make this statue of gold, keep its shape",
    "Paint a robot after this normal map",
)


@local(TYPE)
class NormalPainter(ControlledPainter):
    """Paints with a control network for surface normals."""

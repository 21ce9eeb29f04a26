"""mlsd-text-to-image: a new image that keeps the straight lines of another."""

from __future__ import annotations

from core.contract import local
from core.experts._control import ControlledPainter, controlled

TYPE = controlled(
    "mlsd",
    "straight lines",
    "Furnish this empty room, keep its lines",
    "Paint a wooden house after this line map",
)


@local(TYPE)
class MlsdPainter(ControlledPainter):
    """Paints with a control network for straight lines."""

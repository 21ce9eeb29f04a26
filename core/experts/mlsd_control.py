"""mlsd-control: the straight lines of an image."""

from __future__ import annotations

from core.experts._control import control

TYPE = control(
    "mlsd",
    "straight lines",
    "Find the straight lines in this picture of a room",
    "Make an MLSD line map of a.png",
)

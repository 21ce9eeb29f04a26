"""mlsd-text-to-image: a new image that keeps the straight lines of another."""

from __future__ import annotations

from core.experts._control import controlled

TYPE = controlled(
    "mlsd",
    "straight lines",
    "Furnish this empty room, keep its lines",
    "Paint a wooden house after this line map",
)

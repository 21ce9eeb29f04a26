"""depth-control: the distances of an image."""

from __future__ import annotations

from core.experts._control import control

TYPE = control(
    "depth",
    "distances",
    "Make a depth control image of this street",
    "Draw near things light and far things dark, to paint after it",
)

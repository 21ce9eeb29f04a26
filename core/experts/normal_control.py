"""normal-control: the surface directions of an image."""

from __future__ import annotations

from core.experts._control import control

TYPE = control(
    "normal",
    "surface directions",
    "Make a normal map of this statue",
    "Which way do the surfaces in a.jpg face?",
)

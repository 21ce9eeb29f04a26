"""hed-control: the soft outlines of an image."""

from __future__ import annotations

from core.experts._control import control

TYPE = control(
    "hed",
    "soft outlines",
    "Draw the soft outlines of this photo",
    "Give me the HED boundary map of a.jpg",
)

"""scribble-control: the rough strokes of an image."""

from __future__ import annotations

from core.experts._control import control

TYPE = control(
    "scribble",
    "rough strokes",
    "Turn this photo into a scribble",
    "Reduce a.png to a few rough pen strokes",
)

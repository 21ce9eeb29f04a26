"""seg-control: the areas of an image."""

from __future__ import annotations

from core.experts._control import control

TYPE = control(
    "seg",
    "areas, one colour for each thing",
    "Make a segmentation map of this room",
    "Colour each thing in a.jpg in one flat colour",
)

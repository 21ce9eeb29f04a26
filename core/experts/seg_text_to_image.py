"""seg-text-to-image: a new image that keeps the layout of areas of another."""

from __future__ import annotations

from core.experts._control import controlled

TYPE = controlled(
    "seg",
    "layout of areas",
    "Paint a Japanese garden after this segmentation map",
    "Draw another room with this layout",
)

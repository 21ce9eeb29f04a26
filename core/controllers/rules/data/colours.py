"""Names of colours. Data only."""

from __future__ import annotations

COLOURS = frozenset(
    [
        "red",
        "green",
        "blue",
        "yellow",
        "orange",
        "purple",
        "pink",
        "brown",
        "black",
        "white",
        "cyan",
        "magenta",
        "gold",
        "golden",
        "silver",
        "turquoise",
        "violet",
        "beige",
    ]
)
"""Names that a text on a picture may be written in."""

"""Text of a page that was not quite straight before the camera, put on the level.

A tilt of two degrees moves the end of a line by a whole line on a page: amounts would stand beside their neighbours'
labels. The pixels are read as they are, since recognition does not mind; only the places are turned.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import atan2, cos, sin
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

LONG = 3  # times as wide as high: shorter pieces say little about the direction of a line


def levelled(corners: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Return the four corners of each line, clockwise from the upper left, turned so that most lines run level.

    The page is turned about its origin; distances stay what they are.
    """
    import numpy as np

    tilt = _tilt(corners)
    turn = np.array([[cos(tilt), -sin(tilt)], [sin(tilt), cos(tilt)]], np.float32)
    return [each @ turn for each in corners]


def _tilt(corners: Sequence[np.ndarray]) -> float:
    """Return the usual direction of a line in radians, clockwise from level; 0 where no line is long enough."""
    import numpy as np

    tilts = []
    for upper_left, upper_right, lower_right, lower_left in corners:
        along, down = upper_right - upper_left, lower_left - upper_left
        if np.hypot(*along) >= LONG * np.hypot(*down) and along[0] > abs(along[1]):
            along = along + lower_right - lower_left  # both edges: their mean is steadier
            tilts.append(atan2(along[1], along[0]))
    return median(tilts) if tilts else 0.0

"""Soft outlines, rough strokes and straight lines of a picture, drawn without a model."""

from __future__ import annotations

from collections.abc import Iterable
from math import hypot
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from PIL.Image import Image

SIDE = 1024
"""Pixels of the longer side at which outlines are looked for: finer ones are texture."""

SPREADS = (1.0, 2.0, 4.0)  # pixels: outlines are sharp, soft, or blurred
EVEN = 6.0  # change of colour (CIELAB) that is hardly seen: pictures without any stronger one have no outlines
PEN = 3.0  # spread of a stroke in pixels
SHORTEST = 0.03  # of the picture's diagonal: shorter lines are texture


def soft_edges(image: Image) -> np.ndarray:
    """Return how strong an outline runs through each pixel, bytes of shape (height, width), of an RGB picture.

    Outlines are where colours change, seen at three widths after even areas were smoothed. It takes the place of HED,
    a network that also knows which outlines are those of things.
    """
    import cv2
    import numpy as np

    small = image.copy()
    small.thumbnail((SIDE, SIDE))
    smooth = cv2.bilateralFilter(np.asarray(small), 9, 40, 9)
    colours = cv2.cvtColor(smooth.astype(np.float32) / 255, cv2.COLOR_RGB2Lab)
    strength = np.mean([_change(colours, spread) for spread in SPREADS], axis=0)
    strongest = max(float(np.percentile(strength, 99)), EVEN)
    soft = (np.clip((strength - EVEN / 4) / strongest, 0, 1) ** 0.8 * 255).astype(np.uint8)
    return _enlarged(soft, image.size)


def scribbled(edges: np.ndarray) -> np.ndarray:
    """Return outlines (bytes) as thick white strokes on black: their ridges, redrawn with a broad pen.

    As ControlNet's authors made scribbles from HED's outlines to train their model.
    """
    import cv2
    import numpy as np

    soft = cv2.GaussianBlur(edges.astype(np.float32), (0, 0), PEN)
    ridge = np.zeros_like(edges)
    for across in _directions():
        peak = cv2.dilate(soft, across) == soft
        ridge[peak & (soft > 127 / 2)] = 255
    drawn = cv2.GaussianBlur(ridge, (0, 0), PEN)
    return np.where(drawn > 4, 255, 0).astype(np.uint8)


def straight_lines(image: Image) -> Image:
    """Return the straight lines of an RGB picture, white on black, found by OpenCV's line segment detector (LSD)."""
    import cv2
    import numpy as np

    small = image.copy()
    small.thumbnail((SIDE, SIDE))
    if min(small.size) < 4:
        return lined(image.size, ())
    grey = np.ascontiguousarray(cv2.cvtColor(np.asarray(small), cv2.COLOR_RGB2GRAY))
    found: Any = cv2.createLineSegmentDetector().detect(grey)[0]  # None where there is none
    across, down = image.width / small.width, image.height / small.height
    ends = () if found is None else found.reshape(-1, 4).tolist()
    lines = [(x * across, y * down, right * across, bottom * down) for x, y, right, bottom in ends]
    least = SHORTEST * hypot(*image.size)
    return lined(image.size, [line for line in lines if hypot(line[2] - line[0], line[3] - line[1]) >= least])


def lined(size: tuple[int, int], lines: Iterable[tuple[float, float, float, float]]) -> Image:
    """Return lines, white on black, in a picture of ``size`` (width, height)."""
    import PIL.Image
    from PIL import ImageDraw

    canvas = PIL.Image.new("L", size)
    draw = ImageDraw.Draw(canvas)
    for line in lines:
        draw.line(line, fill=255, width=max(1, round(min(size) / 512)))
    return canvas


def _change(colours: np.ndarray, spread: float) -> np.ndarray:
    """Return by how much the colour changes around each pixel, over ``spread`` pixels: float of (height, width)."""
    import cv2
    import numpy as np

    soft = cv2.GaussianBlur(colours, (0, 0), spread)
    across, down = (cv2.Sobel(soft, cv2.CV_32F, x, y, ksize=3) / 8 for x, y in ((1, 0), (0, 1)))
    change: np.ndarray = np.sqrt((across**2 + down**2).sum(axis=2)) * spread * 2.5
    return change


def _directions() -> list[np.ndarray]:
    """Return lines of three pixels in four directions."""
    import numpy as np

    flat, slant = np.array([[0, 0, 0], [1, 1, 1], [0, 0, 0]], np.uint8), np.eye(3, dtype=np.uint8)
    return [flat, flat.T.copy(), slant, slant[::-1].copy()]


def _enlarged(soft: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    import cv2

    return soft if soft.shape[::-1] == size else cv2.resize(soft, size, interpolation=cv2.INTER_LINEAR)

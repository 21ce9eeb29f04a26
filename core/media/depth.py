"""Distances: as a picture, and as the directions of surfaces."""

from __future__ import annotations

from math import pi
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from PIL.Image import Image

FAR = 0.4  # below this nearness (0 to 1) lies the background: its surfaces face the camera


def nearness(depth: np.ndarray, *, metric: bool) -> np.ndarray:
    """Return how near each point is, from 0 (the farthest) to 1 (the nearest), as float32.

    ``depth`` is what a model gives: distances where ``metric``, else values that grow towards the camera.
    """
    import numpy as np

    values: np.ndarray = np.nan_to_num(depth.astype(np.float32))
    if metric:
        values = 1 / np.maximum(values, 1e-3)
    low, high = float(values.min()), float(values.max())
    return (values - low) / (high - low) if high > low else np.zeros_like(values)


def depth_picture(near: np.ndarray) -> Image:
    """Return nearness as greys, mode L: near is light, far is dark."""
    import numpy as np
    import PIL.Image

    return PIL.Image.fromarray((near * 255).round().astype(np.uint8))


def normal_picture(near: np.ndarray) -> Image:
    """Return the directions of the surfaces as colours: red faces left, green up, blue the camera.

    It is what ControlNet's normal models were trained on: the slopes of the nearness in greys.
    """
    import cv2
    import numpy as np
    import PIL.Image

    greys = np.ascontiguousarray(near * 255, np.float32)
    across, down = (cv2.Sobel(greys, cv2.CV_32F, x, y, ksize=3) for x, y in ((1, 0), (0, 1)))
    background = near < FAR
    across[background] = 0
    down[background] = 0
    normal: np.ndarray = np.stack([across, down, np.full_like(across, 2 * pi)], axis=2)
    normal = normal / np.linalg.norm(normal, axis=2, keepdims=True)
    return PIL.Image.fromarray((normal * 127.5 + 127.5).clip(0, 255).astype(np.uint8))

"""The outlines in a picture, after Canny."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image


def outlines(image: Image) -> Image:
    """Return white lines on black, mode L, as large as ``image``. See-through parts count as white.

    The thresholds follow the picture: Otsu's method tells strong changes of brightness from weak ones, so that pale
    and dark pictures give lines as well.
    """
    import cv2
    import numpy as np
    import PIL.Image

    from core.media.images import on_white

    grey = cv2.GaussianBlur(np.asarray(on_white(image).convert("L")), (0, 0), 1.0)
    across, down = (cv2.Sobel(grey, cv2.CV_16S, x, y) for x, y in ((1, 0), (0, 1)))
    strength = np.clip(np.abs(across).astype(np.int32) + np.abs(down), 0, 1020)
    scaled = (strength // 4).astype(np.uint8)
    changing = scaled[scaled > 4]  # nearly even areas say nothing about lines
    if changing.size == 0:
        return PIL.Image.new("L", image.size, 0)
    otsu, _ = cv2.threshold(changing.reshape(1, -1), 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    high = min(max(20.0, otsu * 4 * 0.8), 100.0)  # a step of a sixth of the range is a line beside any stronger one
    return PIL.Image.fromarray(cv2.Canny(across, down, high * 0.4, high))

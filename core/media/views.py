"""What a model looks at in place of a picture: RGB, neither tiny nor huge, and not too slim."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from core.media.images import on_white, open_image
from core.types import Media

if TYPE_CHECKING:
    from PIL.Image import Image

LEAST, MOST = 128, 4096
"""Pixels of a view's longer side. Models work on far fewer than the most; below the least, libraries take the height
for a number of colours."""

SLIM = 4
"""How many times as long as wide a view may be: models resize to sides that must not vanish."""


@dataclass(frozen=True, slots=True)
class View:
    """A picture made fit for a model. Its upper left corner is the picture's: what was added is right and below."""

    image: Image  # RGB
    size: tuple[int, int]  # width and height of the picture itself
    scale: float  # pixels of the view for one of the picture

    @property
    def frame(self) -> tuple[float, float]:
        """Width and height of the whole view, in pixels of the picture."""
        return self.image.width / self.scale, self.image.height / self.scale

    @property
    def inner(self) -> tuple[int, int]:
        """Width and height of that part of the view that shows the picture, in pixels of the view."""
        width, height = (max(1, round(side * self.scale)) for side in self.size)
        return min(width, self.image.width), min(height, self.image.height)


def view(media: Media, most: int = MOST) -> View:
    """Open a picture and return what models look at, ``most`` pixels long at the most. Raises BadInput."""
    return view_of(on_white(open_image(media)), most)


def view_of(image: Image, most: int = MOST) -> View:
    """Return an RGB picture made fit for a model."""
    from PIL.Image import Resampling

    longest = max(image.size)
    scale = min(max(longest, LEAST), most) / longest
    fit = image
    if scale != 1:
        fit = image.resize(
            (max(1, round(image.width * scale)), max(1, round(image.height * scale))), Resampling.BICUBIC
        )
    return View(_broad(fit), image.size, scale)


def _broad(image: Image) -> Image:
    """Continue the edge of a slim picture to the right or downwards."""
    import numpy as np
    import PIL.Image

    least = ceil(max(image.size) / SLIM)
    wider, higher = max(0, least - image.width), max(0, least - image.height)
    if not wider and not higher:
        return image
    return PIL.Image.fromarray(np.pad(np.asarray(image), ((0, higher), (0, wider), (0, 0)), mode="edge"))

"""Simple edits done with Pillow and OpenCV."""

from __future__ import annotations

from math import cos, radians, sin
from typing import TYPE_CHECKING

from core.errors import BadInput
from core.media.edits import Blur, Crop, Edit, Flip, Look, Resize, Rotate, Tone
from core.media.outlines import outlines

if TYPE_CHECKING:
    from PIL.Image import Image

PIXELS = 40_000_000
"""Most pixels of a result."""


def retouched(image: Image, edit: Edit) -> Image:
    """Return ``image`` (RGB or RGBA) edited, in the same mode. Raises BadInput when the result would be too large."""
    match edit:
        case Look():
            return _looking(image, edit)
        case Tone():
            return _toned(image, edit)
        case Blur(radius):
            return _blurred(image, radius)
        case Rotate(degrees):
            return _rotated(image, degrees % 360)
        case Flip(vertical):
            return _flipped(image, vertical=vertical)
        case Crop():
            return image.crop(_box(image.size, edit))
        case Resize():
            return _resized(image, edit)


def name_of(edit: Edit) -> str:
    """Return the word that an edit adds to a file's name."""
    if isinstance(edit, Look):
        return edit.name
    if isinstance(edit, Tone):
        return edit.name if edit.factor > 1 else f"less-{edit.name}"
    names = {Blur: "blurred", Rotate: "rotated", Flip: "flipped", Crop: "cropped", Resize: "resized"}
    return names[type(edit)]


def _looking(image: Image, look: Look) -> Image:
    """See-through parts stay see-through."""
    from PIL import ImageOps

    colours = image.convert("RGB")
    match look.name:
        case "grey":
            new = ImageOps.grayscale(colours)
        case "sketch":
            new = _sketched(colours)
        case "sepia":
            new = ImageOps.colorize(ImageOps.grayscale(colours), black="#1e0f05", white="#fff5dc", mid="#a07850")
        case "negative":
            new = ImageOps.invert(colours)
        case "outlines":
            new = ImageOps.invert(outlines(colours))
    new = new.convert("RGB")
    if image.mode == "RGBA":
        new.putalpha(image.getchannel("A"))
    return new


def _sketched(image: Image) -> Image:
    """Divide the greys by a blurred copy: what is even turns white, what changes stays as a stroke."""
    import cv2
    import numpy as np
    import PIL.Image
    from PIL.ImageFilter import GaussianBlur

    grey = image.convert("L")
    soft = grey.filter(GaussianBlur(max(1.0, max(grey.size) / 70)))  # Pillow's takes no longer for a wide one
    return PIL.Image.fromarray(cv2.divide(np.asarray(grey), np.asarray(soft), scale=255))


def _toned(image: Image, tone: Tone) -> Image:
    from PIL import ImageEnhance

    enhance = {
        "brightness": ImageEnhance.Brightness,
        "contrast": ImageEnhance.Contrast,
        "colour": ImageEnhance.Color,
        "sharpness": ImageEnhance.Sharpness,
    }[tone.name]
    return enhance(image).enhance(tone.factor)


def _blurred(image: Image, radius: float) -> Image:
    from PIL import ImageFilter

    longest = max(image.size)
    return image.filter(ImageFilter.GaussianBlur(min(radius if radius >= 1 else radius * longest, longest)))


def _rotated(image: Image, degrees: float) -> Image:
    """Turn clockwise. What a slanted turn lays bare is see-through."""
    from PIL.Image import Resampling, Transpose

    exact = {0: None, 90: Transpose.ROTATE_270, 180: Transpose.ROTATE_180, 270: Transpose.ROTATE_90}
    if degrees in exact:
        turn = exact[int(degrees)]
        return image.copy() if turn is None else image.transpose(turn)
    along, across = abs(cos(radians(degrees))), abs(sin(radians(degrees)))
    _small_enough(image.width * along + image.height * across, image.width * across + image.height * along)
    return image.convert("RGBA").rotate(-degrees, Resampling.BICUBIC, expand=True)


def _flipped(image: Image, *, vertical: bool) -> Image:
    from PIL.Image import Transpose

    return image.transpose(Transpose.FLIP_TOP_BOTTOM if vertical else Transpose.FLIP_LEFT_RIGHT)


def _box(size: tuple[int, int], crop: Crop) -> tuple[int, int, int, int]:
    """Return left, upper, right and lower edge in pixels; at least one pixel remains."""
    width, height = size
    if crop.ratio is not None:
        wide, high = min(width, height * crop.ratio), min(height, width / crop.ratio)
    else:
        wide, high = (
            side * whole if side <= 1 else side for side, whole in ((crop.width, width), (crop.height, height))
        )
    wide, high = max(1, min(round(wide), width)), max(1, min(round(high), height))
    left, upper = round((width - wide) * crop.x), round((height - high) * crop.y)
    return left, upper, left + wide, upper + high


def _resized(image: Image, resize: Resize) -> Image:
    from PIL.Image import Resampling

    size = _target(image.size, resize)
    _small_enough(*size)
    return image.resize(size, Resampling.LANCZOS)


def _target(size: tuple[int, int], resize: Resize) -> tuple[int, int]:
    width, height = size
    if resize.width and resize.height:
        return resize.width, resize.height
    factor = (
        resize.factor
        or (resize.width and resize.width / width)
        or (resize.height and resize.height / height)
        or (resize.longest or max(size)) / max(size)
    )
    return max(1, round(width * factor)), max(1, round(height * factor))


def _small_enough(width: float, height: float) -> None:
    if width * height > PIXELS:
        raise BadInput(f"The picture would become too large: I make pictures of up to {PIXELS:,} pixels.")

"""The simple edits that need no model: what can be wished of a picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

ABILITIES = (
    "turn it grey, into a pencil sketch, sepia, its negative or its outlines; blur or sharpen it; make it brighter, "
    "darker, more or less colourful or contrasty; crop, resize, rotate, flip or mirror it"
)

ToneName: TypeAlias = Literal["brightness", "contrast", "colour", "sharpness"]


@dataclass(frozen=True, slots=True)
class Look:
    """Another look of the whole picture."""

    name: Literal["grey", "sketch", "sepia", "negative", "outlines"]


@dataclass(frozen=True, slots=True)
class Tone:
    """More (``factor`` above 1) or less of something."""

    name: ToneName
    factor: float


@dataclass(frozen=True, slots=True)
class Blur:
    """Soften by ``radius`` pixels, or by that share of the longer side where it is below 1."""

    radius: float


@dataclass(frozen=True, slots=True)
class Rotate:
    """Turn clockwise by ``degrees``."""

    degrees: float


@dataclass(frozen=True, slots=True)
class Flip:
    """Mirror: swap left and right, or top and bottom where ``vertical``."""

    vertical: bool = False


@dataclass(frozen=True, slots=True)
class Crop:
    """Keep a rectangle. Sides up to 1 are shares of the picture's, larger ones pixels.

    ``x`` and ``y`` say where it sits: 0 left or top, 0.5 in the middle, 1 right or bottom. With ``ratio`` (width to
    height) it becomes the largest such rectangle that fits.
    """

    width: float = 1
    height: float = 1
    x: float = 0.5
    y: float = 0.5
    ratio: float | None = None


@dataclass(frozen=True, slots=True)
class Resize:
    """To a size in pixels, by a ``factor``, or to ``longest`` pixels of the longer side.

    With only one of ``width`` and ``height`` the other follows.
    """

    width: int | None = None
    height: int | None = None
    factor: float | None = None
    longest: int | None = None


Edit: TypeAlias = Look | Tone | Blur | Rotate | Flip | Crop | Resize

"""Text over a picture: as large as fits, with an outline that sets it off from any background."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, Any

from core.errors import BadInput
from core.media.fonts import sized, written_with

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFont import FreeTypeFont

_LONGEST = 1000  # characters
_SMALLEST = 7  # pixels: below, nobody can read it
_TINY = 1 / 22  # of the sides' mean


@dataclass(frozen=True, slots=True)
class Spot:
    """Where the text sits: 0 left or top, 0.5 in the middle, 1 right or bottom; ``share`` is the height it may take."""

    x: float
    y: float
    share: float


SPOTS = {
    "top": Spot(0.5, 0, 0.45),
    "center": Spot(0.5, 0.5, 0.9),
    "bottom": Spot(0.5, 1, 0.45),
    "top-left": Spot(0, 0, 0.45),
    "top-right": Spot(1, 0, 0.45),
    "bottom-left": Spot(0, 1, 0.45),
    "bottom-right": Spot(1, 1, 0.45),
}


def lettered(image: Image, text: str, spot: Spot, colour: str) -> Image:
    """Return ``image`` with ``text`` over it. Raises BadInput and ExpertFailed with sentences."""
    from PIL import ImageDraw

    path, words = _checked(text)
    fill = _rgb(colour)
    font, lines = _fitted(words, path, image.size, spot.share)
    new = image.copy()
    draw = ImageDraw.Draw(new)
    edge = _edge(font)
    options: dict[str, Any] = {"font": font, "align": "left" if spot.x == 0 else "right" if spot.x == 1 else "center"}
    box = draw.multiline_textbbox((0, 0), lines, stroke_width=edge, **options)
    place = _corner(image.size, box, spot)
    draw.multiline_text(place, lines, fill=fill, stroke_width=edge, stroke_fill=_contrast(fill), **options)
    return new


def _checked(text: str) -> tuple[str, str]:
    """Return font and words."""
    if len(text) > _LONGEST:
        raise BadInput(f"That is too much text for a picture: {len(text):,} characters, I write up to {_LONGEST:,}.")
    path, words = written_with(text.expandtabs(4))
    if not words:
        raise BadInput("There is no text to put on the picture, or nothing in it but signs that I cannot draw.")
    return path, words


def _rgb(colour: str) -> tuple[int, int, int]:
    from PIL import ImageColor

    name = colour.strip().lower().replace("bright ", "").replace(" ", "")
    try:
        red, green, blue = ImageColor.getrgb(name)[:3]
    except ValueError:
        raise BadInput(f"I do not know the colour “{colour}”. Names such as red or #ff8800 work.") from None
    return red, green, blue


def _contrast(colour: tuple[int, int, int]) -> str:
    red, green, blue = colour
    return "black" if 0.299 * red + 0.587 * green + 0.114 * blue > 100 else "white"


def _fitted(text: str, path: str, size: tuple[int, int], share: float) -> tuple[FreeTypeFont, str]:
    """Take the largest size at which the wrapped text fits, from an eighth of the picture downwards.

    Before letters become tiny, words that are too long are broken anywhere: addresses, say.
    """
    width, height = size[0] * 0.94, size[1] * share
    points = max(_SMALLEST, round(max(min(size) / 7, max(size) / 16)))
    while points >= _SMALLEST:
        font = sized(path, points)
        lines = _wrapped(text, font, width, breaking=points < sqrt(size[0] * size[1]) * _TINY)
        if lines is not None and _fits(font, lines, width, height):
            return font, lines
        points = points - 1 if points < 20 else round(points * 0.93)
    raise BadInput(f"A picture of {size[0]} x {size[1]} pixels is too small for this text: nobody could read it.")


def _fits(font: FreeTypeFont, lines: str, width: float, height: float) -> bool:
    from PIL import Image, ImageDraw

    draw = ImageDraw.Draw(Image.new("L", (1, 1)))
    box = draw.multiline_textbbox((0, 0), lines, font=font, stroke_width=_edge(font))
    return box[2] - box[0] <= width and box[3] - box[1] <= height


def _edge(font: FreeTypeFont) -> int:
    return max(1, round(font.size / 12))


def _wrapped(text: str, font: FreeTypeFont, width: float, *, breaking: bool) -> str | None:
    """Break lines where they may be broken. None where one word alone is wider than ``width``."""
    lines = []
    for paragraph in text.splitlines():
        line = ""
        for unit in _units(paragraph):
            if line and font.getlength((line + unit).rstrip()) > width:
                lines.append(line.strip())
                line = ""
            line += unit
            while font.getlength(line.strip()) > width:
                fits = _fitting(line, font, width) if breaking else 0
                if not fits:
                    return None
                lines.append(line[:fits])
                line = line[fits:]
        lines.append(line.strip())
    return "\n".join(line for line in lines if line)


def _fitting(word: str, font: FreeTypeFont, width: float) -> int:
    """Return how many characters of a word fit; what is written over or under a letter stays with it."""
    ends = [0, *(end for end in range(1, len(word)) if not unicodedata.category(word[end]).startswith("M"))]
    return ends[bisect_right(ends, width, lo=1, key=lambda end: font.getlength(word[:end])) - 1]


def _units(text: str) -> list[str]:
    """Split into what stays together: words with their space; of Chinese, Japanese and Korean each character."""
    units: list[str] = []
    for char in text:
        alone = unicodedata.east_asian_width(char) in "WF"
        if units and not alone and not units[-1][-1].isspace() and not _alone(units[-1]):
            units[-1] += char
        else:
            units.append(char)
    return units


def _alone(unit: str) -> bool:
    return unicodedata.east_asian_width(unit[-1]) in "WF"


def _corner(size: tuple[int, int], box: tuple[float, float, float, float], spot: Spot) -> tuple[float, float]:
    """Return where to draw so that what is drawn, which begins at ``box``, sits at the spot with a margin."""
    left, top, right, bottom = box
    margin = 0.03 * min(size)
    free = (size[0] - 2 * margin - (right - left), size[1] - 2 * margin - (bottom - top))
    return margin + free[0] * spot.x - left, margin + free[1] * spot.y - top

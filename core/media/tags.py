"""Labels on plates of their own colours, legible on any picture."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt
from typing import TYPE_CHECKING, TypeAlias
from zlib import crc32

from core.errors import ExpertFailed
from core.media.fonts import sized, written_with

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFont import FreeTypeFont, ImageFont

    Font: TypeAlias = FreeTypeFont | ImageFont

Colour: TypeAlias = tuple[int, int, int]
Rectangle: TypeAlias = tuple[float, float, float, float]
"""Left, top, right and bottom in pixels."""

COLOURS: tuple[Colour, ...] = (
    *((230, 25, 75), (60, 180, 75), (255, 225, 25), (0, 130, 200), (245, 130, 48), (145, 30, 180)),
    *((70, 240, 240), (240, 50, 230), (210, 245, 60), (250, 190, 212), (0, 128, 128), (220, 190, 255)),
    *((170, 110, 40), (255, 250, 200), (128, 0, 0), (170, 255, 195), (128, 128, 0), (255, 215, 180)),
    *((0, 0, 128), (0, 210, 165), (255, 105, 97), (0, 90, 60), (90, 60, 255), (200, 120, 140)),
)
"""Colours that people tell apart, after Sasha Trubetskoy's list."""

ENLARGED = 320  # pixels: smaller copies are enlarged to this longer side, or nobody could read a label
SMALLEST, LARGEST = 10, 200  # pixels of letters: a chat shows the largest picture a few hundred pixels wide
LETTERS = 40  # of a label; longer ones are cut
SCORE = 5  # letters of a score, and what is around them
COVERED = 0.15  # of a picture, by all its labels


@dataclass(frozen=True, slots=True)
class Tag:
    """What is written, on a plate of which colour, about which part of a picture."""

    label: str
    colour: Colour
    box: Rectangle
    score: float | None = None  # from 0 to 1


def colours_of(labels: Iterable[str]) -> dict[str, Colour]:
    """Give each label a colour: the same one in every picture, unless two in one picture would share it."""
    given: dict[str, Colour] = {}
    for label in sorted(set(labels)):
        first = crc32(label.lower().encode()) % len(COLOURS)
        turns = [COLOURS[(first + step) % len(COLOURS)] for step in range(len(COLOURS))]
        given[label] = next((colour for colour in turns if colour not in given.values()), turns[0])
    return given


def enlarged(image: Image) -> tuple[Image, int]:
    """Return a copy that labels fit on, and how many times as large as ``image`` it is."""
    from PIL.Image import Resampling

    scale = max(1, -(-ENLARGED // max(image.size)))
    return image.resize((image.width * scale, image.height * scale), Resampling.NEAREST), scale


def scaled(box: Rectangle, scale: float) -> Rectangle:
    """Return a box in pixels of a copy that is ``scale`` times as large."""
    left, top, right, bottom = box
    return left * scale, top * scale, right * scale, bottom * scale


def tag(image: Image, tags: Sequence[Tag]) -> None:
    """Write tags into an RGB picture, the first ones first and none over another: what finds no room is left out.

    Where they are many, letters are smaller. Strips too low for letters get none.
    """
    from PIL import ImageDraw

    if min(image.size) < SMALLEST + 4:
        return
    size = _letter_height(image.size, tags)
    room = max(3, size // 5)  # around the letters
    draw = ImageDraw.Draw(image)
    taken: list[Rectangle] = []
    fonts: dict[str, Font] = {}
    for each in tags:
        words, path = _lettered(each)
        font = fonts[path] = fonts.get(path) or _sized(path, size)
        left, top, right, bottom = draw.textbbox((0, 0), words, font=font, anchor="lt")
        plate = _placed((right - left + 2 * room, bottom - top + 2 * room), each.box, image.size, taken)
        if plate is None:
            continue
        taken.append(plate)
        draw.rectangle(plate, fill=each.colour, outline=(0, 0, 0))
        draw.text(
            (plate[0] + room - left, plate[1] + room - top), words, font=font, fill=_ink(each.colour), anchor="lt"
        )


def _letter_height(size: tuple[int, int], tags: Sequence[Tag]) -> int:
    """Return how high letters are in a picture of ``size``: so that all tags together leave most of it free."""
    width, height = size
    usual = min(max(size) / 45, min(size) / 12)
    letters = sum(min(len(each.label), LETTERS) + SCORE for each in tags)
    fitting = sqrt(width * height * COVERED / max(1, letters))
    least = max(SMALLEST + 2, max(size) / 90)
    return min(LARGEST, round(max(least, min(usual, fitting))))


def _lettered(each: Tag) -> tuple[str, str]:
    """Return what stands on a plate, and the file of the font for it."""
    able, path = _written(each.label[: LETTERS * 4])
    return (able if each.score is None else f"{able} {each.score:.0%}"), path


def _sized(path: str, size: int) -> Font:
    from PIL import ImageFont

    return sized(path, size) if path else ImageFont.load_default(size)


@lru_cache(maxsize=1024)
def _written(label: str) -> tuple[str, str]:
    """Return a label on one line as far as a font here can write it, and that font's file; "" for Pillow's own font."""
    words = " ".join(label.split())
    words = words if len(words) <= LETTERS else f"{words[: LETTERS - 1]}…"
    try:
        path, able = written_with(words)
        return able or "?", path
    except (ExpertFailed, ImportError):  # letters that no font here has, or no font package: say what can be said
        return words.encode("ascii", "ignore").decode().strip() or "?", ""


def _placed(
    plate: tuple[float, float], box: Rectangle, size: tuple[int, int], taken: Sequence[Rectangle]
) -> Rectangle | None:
    """Return a place for a plate (width, height) at its box, inside the picture and on no other; None: there is none.

    On the upper edge, else within it, below it, or lower and lower in it; from its left side or from its right.
    """
    width, height = plate
    left, top, right, bottom = box
    point = right == left  # the plate is centred on it
    columns = [left - width / 2] if point else [left, right - width]
    lower = [top + height * step for step in range(1, 9)]
    rows = [top - height / 2 if point else top - height, top, bottom, bottom - height, *lower]
    for y in rows:
        for x in columns:
            across = max(0.0, min(x, size[0] - 1 - width))
            down = max(0.0, min(y, size[1] - 1 - height))
            place = (across, down, across + width, down + height)
            if not any(_cross(place, other) for other in taken):
                return place
    return None


def _cross(one: Rectangle, other: Rectangle) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _ink(colour: Colour) -> str:
    """Return black or white, whichever is easier to read on a colour."""
    red, green, blue = colour
    return "black" if 0.299 * red + 0.587 * green + 0.114 * blue > 110 else "white"

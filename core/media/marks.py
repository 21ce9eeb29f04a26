"""Things found in a picture, each with its box: as rows of a table, and drawn on a copy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.media.tags import Colour, Rectangle, Tag, colours_of, enlarged, scaled, tag
from core.types import Json

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw


CROWD = 20
"""Things from which on their boxes are drawn with finer lines."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A thing, how sure its finder is (0 to 1), and its box in pixels of the picture."""

    label: str
    score: float
    box: Rectangle

    def row(self) -> Json:
        """Return it as the row of a table."""
        names = ("xmin", "ymin", "xmax", "ymax")
        box: dict[str, Json] = {name: round(side) for name, side in zip(names, self.box, strict=True)}
        return {"label": self.label, "score": round(self.score, 3), "box": box}


def within(marks: Iterable[Mark], size: tuple[int, int]) -> list[Mark]:
    """Cut boxes off at the edges of a picture (width, height), leave out what lies outside; the surest first."""
    width, height = size
    cut = []
    for mark in marks:
        left, top, right, bottom = mark.box
        box = (max(0.0, left), max(0.0, top), min(float(width), right), min(float(height), bottom))
        if box[0] < box[2] and box[1] < box[3]:
            cut.append(replace(mark, box=box))
    return sorted(cut, key=lambda mark: -mark.score)


def distinct(marks: Iterable[Mark], most: float = 0.5) -> list[Mark]:
    """Leave out boxes that share more than ``most`` of their area with a surer one of the same label."""
    kept: list[Mark] = []
    for mark in sorted(marks, key=lambda mark: -mark.score):
        if not any(mark.label == other.label and _shared(mark.box, other.box) > most for other in kept):
            kept.append(mark)
    return kept


def boxed(image: Image, marks: Sequence[Mark]) -> Image:
    """Return a copy of an RGB picture with a box around each thing, and its label and score.

    A small picture's copy is a multiple of its size, so that labels can be read.
    """
    from PIL import ImageDraw

    copy, scale = enlarged(image)
    draw = ImageDraw.Draw(copy)
    colours = colours_of(mark.label for mark in marks)
    wide = max(1, round(max(copy.size) / (320 if len(marks) < CROWD else 640)))
    for mark in reversed(marks):  # the surest lies on top
        _frame(draw, scaled(mark.box, scale), colours[mark.label], wide)
    tag(copy, [Tag(mark.label, colours[mark.label], scaled(mark.box, scale), mark.score) for mark in marks])
    return copy


def _frame(draw: ImageDraw, box: Rectangle, colour: Colour, wide: int) -> None:
    """Draw a box with a dark line on both sides, which sets it off from anything."""
    left, top, right, bottom = box
    for grown, line, width in ((1, (0, 0, 0), wide + 2), (0, colour, wide)):
        upper = (left - grown, top - grown)
        lower = (max(upper[0], right - 1 + grown), max(upper[1], bottom - 1 + grown))
        draw.rectangle((*upper, *lower), outline=line, width=width)


def _shared(one: Rectangle, other: Rectangle) -> float:
    """Return the area that two boxes share as a part of that which they cover together."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    common = max(0.0, width) * max(0.0, height)
    return common / (_area(one) + _area(other) - common) if common else 0.0


def _area(box: Rectangle) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])

"""A piece of text with its place on a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from core.types import Json


class Box(NamedTuple):
    """A rectangle in pixels from the upper left corner of the upright page."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Pixels from left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Pixels from top to bottom."""
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """Half-way between top and bottom."""
        return (self.top + self.bottom) / 2

    def beside(self, other: Box) -> bool:
        """Tell whether both stand on one line: they share at least half of the lower one's height."""
        shared = min(self.bottom, other.bottom) - max(self.top, other.top)
        return shared * 2 >= min(self.height, other.height)

    def over(self, other: Box) -> float:
        """Return how many pixels of width both share, seen from above; negative if there is a gap."""
        return min(self.right, other.right) - max(self.left, other.left)


@dataclass(frozen=True, slots=True)
class Line:
    """Words that stand together."""

    text: str
    score: float  # from 0 to 1: how sure the recognition is; 1 where the file itself holds the text
    box: Box  # on the straightened page: what stands on one line has the same height
    page: int = 1
    seen: Box | None = None  # in the picture, where that differs

    def row(self) -> Json:
        """Return it as the row of a table."""
        names = ("xmin", "ymin", "xmax", "ymax")
        box: dict[str, Json] = {name: round(value) for name, value in zip(names, self.seen or self.box, strict=True)}
        return {"text": self.text, "score": round(self.score, 3), "box": box, "page": self.page}

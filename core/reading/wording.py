"""Lines taken apart into words with places of their own, as models of page layouts read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.reading.layout import rows
from core.reading.line import Box, Line

GRID = 1000
"""Models count places in thousandths of the page."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a line, and its place in thousandths of the page's width and height."""

    text: str
    box: tuple[int, int, int, int]
    line: Line


def words_of(lines: Sequence[Line]) -> list[Word]:
    """Return the words of one page in reading order."""
    if not lines:
        return []
    # The margins on the right and below are taken to be like those on the left and above.
    width = max(line.box.right for line in lines) + max(0.0, min(line.box.left for line in lines))
    height = max(line.box.bottom for line in lines) + max(0.0, min(line.box.top for line in lines))
    return [word for row in rows(lines) for line in row for word in _words(line, max(width, 1), max(height, 1))]


def _words(line: Line, width: float, height: float) -> list[Word]:
    """Letters are taken to be equally wide."""
    found, start = [], 0
    for text in line.text.split():
        start = line.text.index(text, start)
        end = start + len(text)
        left, right = (line.box.left + line.box.width * place / len(line.text) for place in (start, end))
        found.append(Word(text, _grid(Box(left, line.box.top, right, line.box.bottom), width, height), line))
        start = end
    return found


def _grid(box: Box, width: float, height: float) -> tuple[int, int, int, int]:
    across, down = (
        [min(GRID, max(0, round(side / whole * GRID))) for side in sides]
        for sides, whole in (((box.left, box.right), width), ((box.top, box.bottom), height))
    )
    return across[0], down[0], across[1], down[1]

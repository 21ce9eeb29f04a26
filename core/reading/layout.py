"""The order in which a page is read: columns one after the other, lines from top to bottom, words from the left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from core.reading.line import Line

COLUMN_LINES = 3  # fewer lines beside each other are a table, not columns
COLUMN_CHARS = 20  # average length of a line of prose; the cells of a table are shorter
PARAGRAPH_GAP = 0.9  # line heights between two paragraphs

Row = list[Line]


def rows(lines: Sequence[Line]) -> list[Row]:
    """Group what stands on one line of a page, each row from left to right, rows in reading order."""
    gutter = _gutter(lines)
    if gutter is None:
        return _plain_rows(lines)
    found: list[Row] = []
    for section in _sections(lines, gutter):
        left, right = _sides(section, gutter)
        if len(left) + len(right) == len(section) and _prose(left) and _prose(right):
            found.extend((*rows(left), *rows(right)))
        else:
            found.extend(_plain_rows(section))
    return found


def in_order(lines: Sequence[Line]) -> list[Line]:
    """Return the lines of all pages in reading order."""
    return [line for page in _pages(lines) for row in page for line in row]


def text_of(lines: Sequence[Line]) -> str:
    """Return the text of all pages in reading order; paragraphs and pages are parted by an empty line."""
    return "\n\n".join(map(_page_text, _pages(lines)))


def _pages(lines: Sequence[Line]) -> list[list[Row]]:
    """Return the rows of each page."""
    numbers = sorted({line.page for line in lines})
    return [rows([line for line in lines if line.page == number]) for number in numbers]


def _page_text(found: Sequence[Row]) -> str:
    if not found:
        return ""
    height = median(line.box.height for row in found for line in row)
    parts = [_row_text(found[0])]
    for above, row in pairwise(found):
        gap = min(line.box.top for line in row) - max(line.box.bottom for line in above)
        apart = gap > PARAGRAPH_GAP * height or gap < -height  # upwards: the next column begins
        parts.append("\n\n" if apart else "\n")
        parts.append(_row_text(row))
    return "".join(parts)


def _row_text(row: Row) -> str:
    return " ".join(line.text for line in row)


def _plain_rows(lines: Sequence[Line]) -> list[Row]:
    found: list[Row] = []
    for line in sorted(lines, key=lambda line: line.box.middle):
        if found and any(line.box.beside(other.box) for other in found[-1]):
            found[-1].append(line)
        else:
            found.append([line])
    return [sorted(row, key=lambda line: line.box.left) for row in found]


def _gutter(lines: Sequence[Line]) -> float | None:
    """Return the x that most lines keep clear of, with enough of them on either side to be columns."""
    best, best_rating = None, -len(lines)
    for edge in sorted({line.box.left - 1 for line in lines}):
        left, right = _sides(lines, edge)
        crossing = len(lines) - len(left) - len(right)
        fewer = min(len(left), len(right))
        if fewer >= COLUMN_LINES and fewer - crossing > best_rating:
            best, best_rating = edge, fewer - crossing
    return best


def _sides(lines: Sequence[Line], gutter: float) -> tuple[list[Line], list[Line]]:
    left = [line for line in lines if line.box.right <= gutter]
    return left, [line for line in lines if line.box.left > gutter]


def _sections(lines: Sequence[Line], gutter: float) -> Iterator[list[Line]]:
    """Part the page where lines cross the gutter: headings and the like stand between columns, not in them."""
    section: list[Line] = []
    crossed = False
    for row in _plain_rows(lines):
        crosses = any(line.box.left <= gutter < line.box.right for line in row)
        if crosses != crossed and section:
            yield section
            section = []
        section.extend(row)
        crossed = crosses
    yield section


def _prose(lines: Sequence[Line]) -> bool:
    return len(lines) >= COLUMN_LINES and sum(len(line.text) for line in lines) >= COLUMN_CHARS * len(lines)

"""The text that a PDF carries itself, with the place of each piece."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from core.media.pages import pdf, written
from core.reading.line import Box, Line
from core.types import Media

DPI = 200  # places are given in pixels of the page rendered at this resolution
COLUMN_GAP = 1.0  # heights of the letters; what stands further apart belongs to different pieces
_HYPHEN_MARK = "\ufffe"  # pdfium's sign for a hyphen at the end of a line

Char = tuple[str, Box]


def own_lines(media: Media, count: int) -> dict[int, list[Line]]:
    """Return the pieces of the first ``count`` pages that hold text, by page number from 1. Raises BadInput."""
    found: dict[int, list[Line]] = {}
    with pdf(media) as document:
        for number in range(1, min(count, len(document)) + 1):
            if lines := [Line(text, 1.0, box, number) for text, box in _pieces(_chars(document, number - 1))]:
                found[number] = lines
    return found


def _chars(document: Any, index: int) -> Iterator[Char]:
    """Yield the characters of a page in the order of the file. A turned page yields none: it is looked at instead."""
    import pypdfium2

    try:
        page = document[index]
    except pypdfium2.PdfiumError:  # who renders the page says that it is damaged
        return
    try:
        if page.get_rotation() == 0:
            with written(document, index, page) as whole:
                yield from _placed(whole)
    finally:
        page.close()


def _placed(page: Any) -> Iterator[Char]:
    import pypdfium2

    left, _bottom, _right, top = page.get_bbox()
    scale = DPI / 72
    text = page.get_textpage()
    try:
        for number in range(text.count_chars()):
            code = pypdfium2.raw.FPDFText_GetUnicode(text, number)
            box = text.get_charbox(number)
            char = "-" if chr(code) == _HYPHEN_MARK else chr(code)
            yield (
                char,
                Box(
                    *((box[0] - left) * scale, (top - box[3]) * scale, (box[2] - left) * scale, (top - box[1]) * scale)
                ),
            )
    finally:
        text.close()


def _pieces(chars: Iterator[Char]) -> Iterator[tuple[str, Box]]:
    """Join characters to pieces: what follows on the same line without a wide gap."""
    text, box = "", Box(0, 0, 0, 0)
    for char, place in chars:
        if char.isspace() or char == "\0":
            text += " "
            continue
        if text.strip() and not _follows(box, place):
            yield " ".join(text.split()), box
            text = ""
        box = _around(box, place) if text.strip() else place
        text += char
    if text.strip():
        yield " ".join(text.split()), box


def _follows(piece: Box, char: Box) -> bool:
    height = max(piece.height, char.height)
    near = -height <= char.left - piece.right <= COLUMN_GAP * height
    return near and min(piece.bottom, char.bottom) - max(piece.top, char.top) > -0.3 * height


def _around(one: Box, two: Box) -> Box:
    return Box(min(one.left, two.left), min(one.top, two.top), max(one.right, two.right), max(one.bottom, two.bottom))

"""Paged files: the pages of a PDF (or of a TIFF) as pictures, and the text a PDF carries itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from math import sqrt
from typing import TYPE_CHECKING, Any

from core.errors import BadInput
from core.media.images import opened, plain, quiet, within
from core.types import Kind, Media

if TYPE_CHECKING:
    from PIL.Image import Image

PAGE_PIXELS = 16_000_000
"""Most pixels of a rendered page; a larger sheet (a poster, or a trap) is rendered coarser."""


def pages(media: Media, dpi: float = 200, limit: int | None = None) -> Iterator[Image]:
    """Yield each page as an upright RGB picture, at most ``limit`` of them.

    A PDF is rendered at ``dpi`` dots an inch; a TIFF yields all its pages; any other picture is one page. Raises
    BadInput when the file is damaged or locked with a password.
    """
    if media.kind is Kind.DOCUMENT:
        yield from _rendered(media, dpi, limit)
    else:
        yield from _frames(media, limit)


def page_count(media: Media) -> int:
    """Return how many pages there are: what :func:`pages` yields without a limit. Raises BadInput."""
    if media.kind is not Kind.DOCUMENT:
        return _frame_count(opened(media))
    with pdf(media) as document:
        return len(document)


@contextmanager
def pdf(media: Media) -> Iterator[Any]:
    """Open a PDF as ``pypdfium2.PdfDocument``. Raises BadInput when it is damaged or locked."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(media.data)
    except pypdfium2.PdfiumError as error:
        if error.err_code in (pypdfium2.raw.FPDF_ERR_PASSWORD, pypdfium2.raw.FPDF_ERR_SECURITY):
            raise BadInput(f"{media.name} is locked with a password. Please send it unlocked.") from error
        raise BadInput(f"{media.name} is damaged or cut off: it cannot be opened as a PDF.") from error
    try:
        document.init_forms()  # what was filled into form fields belongs to the page
        yield document
    finally:
        document.close()


def page_text(document: Any, number: int, name: str) -> str:
    """Return the text of one page of what :func:`pdf` opened. Raises BadInput when the page is damaged."""
    with _page(document, number, name) as page, written(document, number, page) as whole:
        text = whole.get_textpage()
        try:
            found: str = text.get_text_range()
        finally:
            text.close()
    return found.replace("\r\n", "\n").replace("\ufffe", "-").strip()  # U+FFFE: pdfium's mark of a hyphenated line end


@contextmanager
def written(document: Any, number: int, page: Any) -> Iterator[Any]:
    """Yield a page whose text holds what was filled into its forms and typed over it, as a reader sees it.

    That is no text of the page itself: without it, a form that was filled in would be read as an empty one.
    """
    import pypdfium2

    raw = pypdfium2.raw
    if raw.FPDFPage_GetAnnotCount(page) and raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY) == raw.FLATTEN_SUCCESS:
        whole = document[number]  # what was open before does not know of it
        try:
            yield whole
        finally:
            whole.close()
    else:
        yield page


def _rendered(media: Media, dpi: float, limit: int | None) -> Iterator[Image]:
    with pdf(media) as document:
        for number in _numbers(document, limit):
            with _page(document, number, media.name) as page:
                yield page.render(scale=_scale(page.get_size(), dpi)).to_pil().convert("RGB")


@contextmanager
def _page(document: Any, number: int, name: str) -> Iterator[Any]:
    import pypdfium2

    try:
        page = document[number]
    except pypdfium2.PdfiumError as error:
        raise BadInput(f"Page {number + 1} of {name} is damaged.") from error
    try:
        yield page
    finally:
        page.close()


def _scale(size: tuple[float, float], dpi: float) -> float:
    """Return pixels a point: ``dpi`` unless the page would become too large, and never less than one pixel."""
    width, height = (max(side, 1.0) for side in size)
    return min(dpi / 72, sqrt(PAGE_PIXELS / (width * height)))


def _numbers(document: Any, limit: int | None) -> range:
    return range(len(document) if limit is None else min(limit, len(document)))


def _frames(media: Media, limit: int | None) -> Iterator[Image]:
    image = opened(media)
    count = _frame_count(image)
    for number in range(count if limit is None else min(limit, count)):
        try:
            with quiet():
                image.seek(number)
        except Exception as error:  # decoders raise anything on broken bytes
            raise BadInput(f"Page {number + 1} of {media.name} is damaged.") from error
        within(image, media.name)
        yield plain(image, media.name).convert("RGB")


def _frame_count(image: Image) -> int:
    """Count the pages of a TIFF; the frames of an animation are no pages."""
    return int(getattr(image, "n_frames", 1)) if image.format == "TIFF" else 1

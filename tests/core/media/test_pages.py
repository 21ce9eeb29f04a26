import pytest

from core.errors import BadInput
from core.media.pages import PAGE_PIXELS, page_count, page_text, pages, pdf
from core.types import Media
from tests import samples


def page_texts(media: Media) -> list[str]:
    """Return the text that a PDF carries itself, page by page."""
    with pdf(media) as document:
        return [page_text(document, number, media.name) for number in range(len(document))]


def test_pdf_pages_are_rendered_at_the_resolution_asked_for() -> None:
    """An A4 sheet at 100 dots an inch is 827 x 1170 pixels, black on white."""
    first, second = pages(samples.pdf(), dpi=100)
    assert first.size == second.size == (827, 1170)
    assert (first.mode, first.getpixel((5, 5))) == ("RGB", (255, 255, 255))
    assert first.convert("L").getextrema()[0] == 0


def test_text_layer_is_read_page_by_page() -> None:
    """A PDF's own text is found without recognition; a scanned page has none."""
    first, second = page_texts(samples.pdf())
    assert "INVOICE NO: 18301/102/T0305" in first
    assert second == "Second page\nThank you for your order."
    assert page_texts(samples.pdf_scanned()) == [""]


def test_tiff_pages() -> None:
    """A TIFF of three pages has three pages; another picture is one page."""
    assert [page.size for page in pages(samples.tiff())] == [(600, 200)] * 3
    assert page_count(samples.tiff()) == 3
    assert page_count(samples.gif()) == 1
    assert [page.size for page in pages(samples.jpg())] == [(48, 64)]


def test_limit_stops_early() -> None:
    """Only as many pages are rendered as were asked for."""
    assert len(list(pages(samples.pdf_of(20), limit=2, dpi=20))) == 2
    assert len(list(pages(samples.tiff(), limit=2))) == 2
    assert page_count(samples.pdf_of(20)) == 20


def test_huge_sheets_are_rendered_coarser() -> None:
    """A sheet of five metres does not become a picture of five gigabytes."""
    (page,) = pages(samples.pdf_of(1, (14_400, 14_400)), dpi=300)
    assert page.width * page.height <= PAGE_PIXELS


def test_narrow_sheets_have_at_least_a_pixel() -> None:
    """A sheet thinner than a pixel is still a picture."""
    (page,) = pages(samples.pdf_of(1, (1, 2000)), dpi=72)
    assert page.width >= 1


def test_locked_and_damaged_pdfs_are_sentences() -> None:
    """A password is asked for in words, and half a PDF is called damaged."""
    with pytest.raises(BadInput, match="locked with a password"):
        list(pages(samples.pdf_locked()))
    whole = samples.pdf()
    with pytest.raises(BadInput, match="damaged or cut off"):
        page_count(samples.media(whole.data[:500], whole.kind, whole.mime, whole.name))

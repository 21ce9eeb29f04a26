import pytest

from core.errors import BadInput
from core.reading.textlayer import own_lines
from core.types import Kind, Media
from tests import samples


def test_pieces_with_their_places() -> None:
    """A wide gap parts pieces of a line, and each knows where it stands on the page of 200 dpi."""
    found = own_lines(samples.pdf(), 5)
    first = {line.text: line.box for line in found[1]}
    assert {"INVOICE NO: 18301/102/T0305", "Travel", "34.50", "TOTAL: 1,234.50 EUR"} <= first.keys()
    assert first["Travel"].beside(first["34.50"])
    assert first["INVOICE"].bottom < first["TOTAL: 1,234.50 EUR"].top
    assert first["INVOICE"].left == pytest.approx(60 * 200 / 72, abs=10)
    assert [line.text for line in found[2]] == ["Second page", "Thank you for your order."]


def test_only_the_pages_asked_for() -> None:
    """Pages beyond the count and pages without text are left out."""
    assert list(own_lines(samples.pdf(), 1)) == [1]
    assert own_lines(samples.pdf_scanned(), 1) == {}
    assert own_lines(samples.pdf_of(3), 3) == {}


def test_broken_files() -> None:
    """A damaged PDF gets a sentence."""
    with pytest.raises(BadInput, match="damaged"):
        own_lines(Media(data=samples.pdf().data[:100], kind=Kind.DOCUMENT, mime="application/pdf", name="a.pdf"), 1)

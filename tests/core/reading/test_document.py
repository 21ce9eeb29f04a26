import pytest

from core.reading.document import read_lines
from core.reading.layout import text_of
from core.reading.recogniser import recogniser
from tests import samples
from tests.steers import Steered


@pytest.mark.slow
@pytest.mark.parametrize("build", [samples.pdf, samples.pdf_scanned, samples.invoice])
def test_text_layers_and_pictures_alike(build: samples.Build) -> None:
    """An invoice reads the same as a PDF with text, as a scan and as a picture."""
    read = text_of(read_lines(build(), recogniser(), Steered()))
    wanted = [" ".join(line.split()) for line in samples.INVOICE_LINES]
    assert [line for line in read.splitlines() if line][: len(wanted)] == wanted


@pytest.mark.slow
def test_pages_are_numbered_and_told() -> None:
    """Each page of a scan is read under its number, and the progress names it."""
    steer = Steered()
    lines = read_lines(samples.tiff(), recogniser(), steer)
    assert [(line.page, line.text) for line in lines] == [(1, "Page one"), (2, "Page two"), (3, "Page three")]
    assert steer.progressed[-1] == (1.0, "reading page 3 of 3")
    assert [line.page for line in read_lines(samples.tiff(), recogniser(), Steered(), most=1)] == [1]

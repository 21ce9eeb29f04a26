import pytest

from core.errors import BadInput
from core.media.pages import page_text, pdf
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


def filled(note: bytes, more: bytes = b"") -> Media:
    """Return a page that asks for a name, with an annotation over the line for it; ``more`` stands in the catalogue."""
    asking = b"BT /F 14 Tf 60 706 Td (Name of the applicant, in full:) Tj ET"
    shown = b"/Tx BMC BT /F 14 Tf 2 6 Td (Grace Hopper) Tj ET EMC"
    fonts = b"/Resources << /Font << /F 4 0 R >> >>"
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R " + more + b">>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R /Annots [6 0 R] " + fonts + b" >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(asking), asking),
        b"<< /Type /Annot " + note + b" /Rect [320 700 560 724] /F 4 /AP << /N 7 0 R >> >>",
        b"<< /Type /XObject /Subtype /Form /BBox [0 0 240 24] %s /Length %d >>\nstream\n%s\nendstream"
        % (fonts, len(shown), shown),
    )
    data, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 8\n0000000000 65535 f \n%strailer\n<< /Size 8 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return samples.media(data + end % (table, len(data)), Kind.DOCUMENT, "application/pdf", "form.pdf")


@pytest.mark.parametrize(
    "form",
    [
        filled(b"/Subtype /Widget /FT /Tx /T (name) /V (Grace Hopper)", b"/AcroForm << /Fields [6 0 R] >> "),
        filled(b"/Subtype /FreeText /Contents (Grace Hopper) /DA (/F 14 Tf)"),
    ],
    ids=["form", "typed over it"],
)
def test_what_was_filled_in_is_read(form: Media) -> None:
    """The words in a form's fields, and those typed over a page without any, stand in their places."""
    name, value = own_lines(form, 1)[1]
    assert (name.text, value.text) == ("Name of the applicant, in full:", "Grace Hopper")
    assert name.box.beside(value.box)
    assert name.box.right < value.box.left
    with pdf(form) as document:
        assert "Grace Hopper" in page_text(document, 0, form.name)

import numpy as np
import pytest
from PIL import Image

from core.contract import Stopped
from core.errors import BadInput, ExpertFailed
from core.executors.check import checked
from core.experts.image_to_text import RapidOcrReader
from core.types import Kind, Media, Value
from tests import samples
from tests.cards import card_of
from tests.steers import Steered

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def reader() -> RapidOcrReader:
    """Load it once."""
    expert = RapidOcrReader()
    expert.load()
    return expert


def read(reader: RapidOcrReader, image: Media) -> dict[str, Value]:
    """Return checked outputs."""
    return checked(card_of(RapidOcrReader), reader.run({"image": image}, Steered()))


@pytest.mark.parametrize("mode", ["RGB", "L", "1", "CMYK", "RGBA", "I;16"])
def test_pictures_of_every_kind(reader: RapidOcrReader, mode: str) -> None:
    """The invoice is read in colour, grey, black and white, printing colours, with alpha and with 16 bits."""
    image = samples.written(samples.INVOICE_LINES)
    if mode == "I;16":
        deep = np.asarray(image.convert("L")).astype(np.uint16) * 257
        sample = samples.picture(Image.fromarray(deep))
    elif mode == "CMYK":
        sample = samples.media(samples._encoded(image.convert(mode), "JPEG"), Kind.IMAGE, "image/jpeg", "a.jpg")
    else:
        sample = samples.picture(image.convert(mode))
    outputs = read(reader, sample)
    assert "INVOICE NO: 18301/102/T0305" in str(outputs["text"])
    assert "TOTAL: 1,234.50 EUR" in str(outputs["text"])


def test_lines_with_score_box_and_page(reader: RapidOcrReader) -> None:
    """Every line comes with how sure it is and where it stands, in the order in which the page is read."""
    outputs = read(reader, samples.invoice())
    lines = outputs["lines"]
    assert isinstance(lines, list)
    assert (
        "\n".join(str(line["text"]) for line in lines if isinstance(line, dict)).split() == str(outputs["text"]).split()
    )
    total = next(line for line in lines if isinstance(line, dict) and line["text"] == "TOTAL: 1,234.50 EUR")
    assert total.keys() == {"text", "score", "box", "page"}
    assert total["page"] == 1


@pytest.mark.parametrize(
    "build", [samples.jpg, lambda: samples.pdf_of(2), lambda: samples.picture(Image.new("RGB", (1, 1)))]
)
def test_nothing_to_read(reader: RapidOcrReader, build: samples.Build) -> None:
    """Where there is no text the answer says so, and that it cannot describe pictures."""
    with pytest.raises(ExpertFailed, match=r"found no text in .* cannot describe pictures"):
        read(reader, build())


def test_broken_and_cancelled(reader: RapidOcrReader) -> None:
    """A damaged file gets a sentence, and a cancelled job stops."""
    whole = samples.invoice()
    with pytest.raises(BadInput):
        read(reader, samples.media(whole.data[:200], whole.kind, whole.mime, whole.name))
    with pytest.raises(Stopped):
        reader.run({"image": whole}, Steered(stop_at=1))

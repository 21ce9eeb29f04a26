import pytest
from PIL import Image
from rapidfuzz.distance import Levenshtein

from core.contract import Stopped
from core.reading.layout import text_of
from core.reading.recogniser import Recogniser, recogniser
from tests import samples
from tests.core.reading.papers import INVOICE, LETTER, painted
from tests.steers import Steered


@pytest.fixture(scope="module")
def reader() -> Recogniser:
    """Load the models once."""
    return recogniser()


def read(reader: Recogniser, image: Image.Image) -> str:
    """Return the text of a picture."""
    return text_of(reader.read(image, Steered(), lambda _: None))


def errors(got: str, wanted: str) -> float:
    """Return how many letters are wrong, as a share of all."""
    got, wanted = "".join(got.split()), "".join(wanted.split())
    return Levenshtein.distance(got, wanted) / len(wanted)


@pytest.mark.slow
@pytest.mark.parametrize("angle", [0, 1.5, -1.5])
@pytest.mark.parametrize("paper", [LETTER, INVOICE])
def test_pages(reader: Recogniser, paper: str, angle: float) -> None:
    """A page, straight or a bit askew, is read with less than one letter in fifty wrong."""
    assert errors(read(reader, painted(paper, angle=angle)), paper) < 0.02


@pytest.mark.slow
@pytest.mark.parametrize("turn", [90, 180, 270])
def test_turned_pages(reader: Recogniser, turn: int) -> None:
    """A page that lies on its side or stands on its head is read the right way up."""
    image = samples.written(samples.INVOICE_LINES).rotate(turn, expand=True)
    assert read(reader, image).splitlines()[:2] == ["INVOICE", "INVOICE NO: 18301/102/T0305"]


@pytest.mark.slow
def test_long_lines_and_small_letters(reader: Recogniser) -> None:
    """Lines of 150 small letters stay whole and the right way up."""
    lines = ["The quick brown fox jumps over the lazy dog and runs far away from it, " * 2] * 4
    assert errors(read(reader, samples.written(lines, (1500, 300), 18)), "".join(lines)) < 0.02


@pytest.mark.slow
def test_tall_pictures(reader: Recogniser) -> None:
    """A screenshot ten times as high as wide is read to its end."""
    lines = [f"Message {number}" for number in range(60)]
    assert read(reader, samples.written(lines, (500, 5000), 40)).split() == " ".join(lines).split()


@pytest.mark.slow
@pytest.mark.parametrize("size", [(1, 1), (1, 3000), (3000, 1), (31, 31), (500, 500)])
def test_pictures_without_text(reader: Recogniser, size: tuple[int, int]) -> None:
    """However small or odd, an empty picture holds no text."""
    assert reader.read(Image.new("RGB", size, "white"), Steered(), lambda _: None) == []


@pytest.mark.slow
def test_places_and_progress(reader: Recogniser) -> None:
    """Lines know where they stand, and the reader says how far it is and stops when told to."""
    told: list[float] = []
    lines = reader.read(samples.written(["Hello", "world"]), Steered(), told.append)
    hello = next(line for line in lines if line.text == "Hello")
    assert hello.box.left == pytest.approx(60, abs=10)
    assert 40 < hello.box.top < hello.box.bottom < 110
    assert hello.score > 0.9
    assert told[-1] == 1.0
    with pytest.raises(Stopped):
        reader.read(samples.written(["Hello"]), Steered(stop_at=1), lambda _: None)


def test_where_lines_stand(reader: Recogniser) -> None:
    """Lines are found from top to bottom without being read; on an empty page and on strips there are none."""
    boxes = reader.places(samples.written(["first line", "second line"]))
    assert len(boxes) == 2
    assert boxes[0].bottom <= boxes[1].top
    for size in ((200, 100), (10_000, 10), (1, 3_000)):
        assert reader.places(Image.new("RGB", size, "white")) == []

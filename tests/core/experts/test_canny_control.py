import pytest

from core.experts.canny_control import Canny
from tests import samples
from tests.core.experts.odd import ODD, shown
from tests.steers import Steered


@pytest.fixture(scope="module")
def expert() -> Canny:
    """Return the expert, loaded."""
    made = Canny()
    made.load()
    return made


def test_edges_are_white_on_black(expert: Canny) -> None:
    """The border between red and blue is a white line, all else is black."""
    made = expert.run({"image": samples.webp()}, Steered())["image"]
    image = shown(made).convert("L")
    assert image.size == (64, 48)
    assert any(image.getpixel((x, 40)) == 255 for x in range(29, 36))
    assert image.getpixel((50, 40)) == 0
    assert getattr(made, "name", "") == "photo-edges.png"


@pytest.mark.parametrize("name", ODD)
def test_odd_pictures(expert: Canny, name: str) -> None:
    """Every odd picture gives edges of its own size, in black and white only."""
    image = shown(expert.run({"image": ODD[name]}, Steered())["image"]).convert("L")
    assert {value for _, value in image.getcolors() or []} <= {0, 255}

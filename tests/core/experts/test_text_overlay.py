import pytest

from core.errors import BadInput
from core.experts.text_overlay import TYPE, PillowText
from core.media.lettering import SPOTS
from tests import samples
from tests.core.experts.odd import ODD, shown
from tests.steers import Steered


def test_defaults() -> None:
    """Image and text suffice; a photo stays a JPEG of the same size."""
    made = PillowText().run({"image": samples.jpg(), "text": "hi"}, Steered())["image"]
    assert shown(made).size == (48, 64)
    assert getattr(made, "name", "") == "photo-text.jpg"


def test_every_position_declared_is_known() -> None:
    """What planners may ask for exists."""
    position = TYPE.take("position")
    assert position is not None
    assert set(position.choices) == set(SPOTS)
    for place in position.choices:
        shown(PillowText().run({"image": samples.invoice(), "text": "PAID", "position": place}, Steered())["image"])


@pytest.mark.parametrize("name", ODD)
def test_odd_pictures(name: str) -> None:
    """Every odd picture gets its text; those with no room for letters get a sentence."""
    inputs = {"image": ODD[name], "text": "I LOVE YOU", "color": "yellow"}
    if name in ("one pixel", "strip", "upright strip"):
        with pytest.raises(BadInput, match="too small"):
            PillowText().run(inputs, Steered())
    else:
        assert len(shown(PillowText().run(inputs, Steered())["image"]).getcolors(1_000_000) or []) > 1

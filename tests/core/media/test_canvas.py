import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.errors import BadInput
from core.media.canvas import LARGER, SLIMMEST, Canvas

SMALL = Canvas(native=(512, 512), multiple=16)
WIDE = Canvas(native=(832, 480), multiple=16)


def test_what_nobody_asked_for_is_as_trained() -> None:
    """Without a wish, a picture has the size that the model was trained for; one wished side leaves the other."""
    assert SMALL.wished(None, None) == (512, 512)
    assert WIDE.wished(None, None) == (832, 480)
    assert SMALL.wished(256, None) == (256, 512)


def test_wishes_are_met_as_nearly_as_the_network_can() -> None:
    """Sides are rounded to what the network takes, and what is too large keeps its shape."""
    assert SMALL.wished(500, 301) == (496, 304)
    assert SMALL.wished(4096, 2048) == (1456, 720)
    assert SMALL.wished(1, 1) == (16, 16)


@given(st.floats(1, 20_000), st.floats(1, 20_000))
@example(73.0, 14485.0)  # the short side is rounded up by a tenth
def test_any_wish(width: float, height: float) -> None:
    """Every wish becomes whole multiples, not larger than the model can paint."""
    wide, high = SMALL.wished(width, height)
    assert wide > 0 < high
    assert wide % 16 == high % 16 == 0
    assert wide * high <= LARGER * 512 * 512


@given(st.integers(1, 5000), st.floats(1 / SLIMMEST, SLIMMEST))
def test_any_picture(width: int, shape: float) -> None:
    """A size after another picture has its shape and the area that the model was trained for."""
    height = round(width * shape)
    if not height or max(width, height) > SLIMMEST * min(width, height):
        return
    wide, high = SMALL.like((width, height))
    assert wide * high == pytest.approx(512 * 512, rel=0.1)
    assert wide / high == pytest.approx(width / height, rel=0.1)


def test_models_that_paint_in_one_size() -> None:
    """Where a model knows one size only, every wish and every picture leads to it; a strip is still none."""
    fixed = Canvas(native=(720, 480), multiple=16, fixed=True)
    assert fixed.wished(64, 2048) == fixed.like((300, 400)) == (720, 480)
    with pytest.raises(BadInput):
        fixed.like((1000, 1))


@pytest.mark.parametrize("size", [(10_000, 10), (1, 3000)])
def test_strips(size: tuple[int, int]) -> None:
    """A strip gets a sentence that names its size and what would work."""
    with pytest.raises(BadInput, match=f"strip.png is {size[0]} x {size[1]} pixels, .* at most 4 times as long"):
        SMALL.like(size, "strip.png")

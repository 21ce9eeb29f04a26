import pytest
from PIL import Image

from core.errors import BadInput
from core.media.edits import Blur, Crop, Edit, Flip, Look, Resize, Rotate, Tone
from core.media.outlines import outlines
from core.media.retouch import retouched
from tests import samples

RED, BLUE = (255, 0, 0), (0, 0, 255)


def test_looks() -> None:
    """Grey has no colour, a negative is the opposite, a sketch is mostly white with strokes."""
    photo = samples.photo()
    grey = retouched(photo, Look("grey")).getpixel((60, 40))
    assert isinstance(grey, tuple)
    assert len(set(grey)) == 1
    assert retouched(photo, Look("negative")).getpixel((60, 40)) == (255, 255, 0)
    sketch = retouched(photo, Look("sketch")).convert("L")
    assert sketch.getpixel((5, 40)) == 255
    assert sketch.getextrema()[0] < 200  # type: ignore[operator]
    red, green, blue = retouched(photo, Look("sepia")).getpixel((5, 40))  # type: ignore[misc]
    assert red > green > blue
    assert retouched(photo, Look("outlines")).convert("L").getextrema() == (0, 255)


@pytest.mark.parametrize("edit", [Look("grey"), Look("sketch"), Look("outlines"), Tone("brightness", 2), Flip()])
def test_transparency_stays(edit: Edit) -> None:
    """What was see-through is see-through afterwards."""
    image = retouched(samples.photo(mode="RGBA"), edit)
    assert image.mode == "RGBA"
    hole = samples.photo(mode="RGBA")
    hole.putalpha(0)
    assert retouched(hole, edit).getchannel("A").getextrema() == (0, 0)


def test_tones() -> None:
    """More of it is more, less is less."""
    grey = Image.new("RGB", (4, 4), (100, 100, 100))
    assert retouched(grey, Tone("brightness", 1.5)).getpixel((0, 0)) == (150, 150, 150)
    assert retouched(grey, Tone("brightness", 0.5)).getpixel((0, 0)) == (50, 50, 50)
    dull = Image.new("RGB", (4, 4), (120, 100, 100))
    red, green, _ = retouched(dull, Tone("colour", 2)).getpixel((0, 0))  # type: ignore[misc]
    assert red - green > 20


def test_blur_mixes_neighbours() -> None:
    """At the border of red and blue there is purple."""
    middle = retouched(samples.photo(), Blur(4)).getpixel((32, 40))
    assert isinstance(middle, tuple)
    assert 60 < middle[0] < 200
    assert 60 < middle[2] < 200


def test_turns() -> None:
    """Ninety degrees clockwise bring the left side to the top; slanted turns grow the picture."""
    photo = samples.photo()
    turned = retouched(photo, Rotate(90))
    assert turned.size == (48, 64)
    assert turned.getpixel((2, 2)) == RED
    assert turned.getpixel((2, 62)) == BLUE
    assert retouched(photo, Rotate(-90)).getpixel((2, 62)) == RED
    assert retouched(photo, Rotate(360)).getpixel((2, 46)) == RED
    slanted = retouched(photo, Rotate(45))
    assert slanted.mode == "RGBA"
    assert slanted.width > 64
    assert slanted.getpixel((0, 0)) == (0, 0, 0, 0)
    assert retouched(photo, Flip()).getpixel((2, 46)) == BLUE
    assert retouched(photo, Flip(vertical=True)).getpixel((10, 36)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("edit", "size"),
    [
        (Crop(width=0.5, x=0), (32, 48)),
        (Crop(ratio=1), (48, 48)),
        (Crop(ratio=16 / 9), (64, 36)),
        (Crop(width=20, height=10), (20, 10)),
        (Crop(width=2000, height=10), (64, 10)),
        (Resize(width=32), (32, 24)),
        (Resize(height=96), (128, 96)),
        (Resize(width=7, height=9), (7, 9)),
        (Resize(factor=0.5), (32, 24)),
        (Resize(factor=0.0001), (1, 1)),
        (Resize(longest=128), (128, 96)),
    ],
)
def test_sizes(edit: Edit, size: tuple[int, int]) -> None:
    """Pictures get the size asked for, as far as there are pixels."""
    assert retouched(samples.photo(), edit).size == size


def test_too_large_is_a_sentence() -> None:
    """Nobody gets a picture of a terabyte."""
    for edit in (Resize(factor=1000), Resize(width=10**9, height=1), Resize(longest=10**6)):
        with pytest.raises(BadInput, match="too large"):
            retouched(samples.photo(), edit)


def test_outlines_follow_the_picture() -> None:
    """The border is found in bright as in faint pictures, and an even one has none."""
    faint = Image.new("RGB", (64, 48), (100, 100, 100))
    faint.paste((115, 115, 115), (32, 0, 64, 48))
    for image in (samples.photo(), faint):
        lines = outlines(image)
        assert (lines.mode, lines.size, lines.getextrema()) == ("L", (64, 48), (0, 255))
        assert any(lines.getpixel((x, 40)) == 255 for x in range(29, 36))
        assert all(lines.getpixel((x, 40)) == 0 for x in range(40, 60))
    assert outlines(Image.new("RGB", (64, 48), "red")).getextrema() == (0, 0)
    assert outlines(Image.new("RGB", (1, 1))).size == (1, 1)

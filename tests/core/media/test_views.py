import pytest
from PIL import Image

from core.media.views import LEAST, MOST, SLIM, view_of
from tests import samples


@pytest.mark.parametrize("size", [(1, 1), (3, 1), (64, 48), (640, 480), (10_000, 10), (1, 3_000), (9_000, 6_000)])
def test_models_get_what_they_can_work_on(size: tuple[int, int]) -> None:
    """A view is neither tiny nor huge nor too slim, whatever the picture."""
    made = view_of(Image.new("RGB", size))
    longest, shortest = max(made.image.size), min(made.image.size)
    assert LEAST <= longest <= MOST
    assert longest <= shortest * SLIM
    assert made.size == size


def test_a_usual_picture_is_looked_at_as_it_is() -> None:
    """Nothing is added, nothing is scaled."""
    image = samples.photo(640, 480)
    made = view_of(image)
    assert made.image is image
    assert (made.frame, made.inner, made.scale) == ((640, 480), (640, 480), 1)


def test_a_strip_is_continued() -> None:
    """What is added lies below and goes on with the last row; the inner part is the strip."""
    made = view_of(samples.photo(800, 20))
    assert made.image.size == (800, 200)
    assert made.inner == (800, 20)
    assert made.frame == (800, 200)
    assert made.image.getpixel((100, 19)) == made.image.getpixel((100, 199))


def test_a_smaller_view() -> None:
    """Whoever needs no more can ask for fewer pixels."""
    made = view_of(samples.photo(1000, 500), 250)
    assert made.image.size == (250, 125)
    assert made.frame == (1000, 500)

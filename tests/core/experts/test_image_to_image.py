import pytest

from core.contract import Stopped
from core.errors import BadInput, ExpertFailed
from core.experts.image_to_image import SimpleEdits
from core.types import Media
from tests import samples
from tests.core.experts.odd import ODD, shown
from tests.steers import Steered

WISHES = """
grey, sketch, sepia, negative, outlines, blur it, blur by 500, sharpen, brighter, less contrast, more colourful,
rotate 90, rotate 33, flip, flip vertically, crop the left half, crop to a square, crop to 16:9, crop to 5000x2,
half the size, resize to 7x9, thumbnail, make it 20 px wide
"""


@pytest.fixture(scope="module")
def expert() -> SimpleEdits:
    """Return the expert, loaded."""
    made = SimpleEdits()
    made.load()
    return made


def edited(expert: SimpleEdits, image: Media, prompt: str) -> Media:
    """Return the picture the expert gives."""
    image = expert.run({"image": image, "prompt": prompt}, Steered())["image"]  # type: ignore[assignment]
    assert isinstance(image, Media)
    return image


def test_several_edits_in_order(expert: SimpleEdits) -> None:
    """A photo is turned, made grey and named after what was done; it stays a JPEG without the camera's notes."""
    made = edited(expert, samples.jpg(), "make it grey and rotate it by 90 degrees")
    image = shown(made)
    assert (made.name, made.mime, image.size) == ("photo-grey-rotated.jpg", "image/jpeg", (64, 48))
    assert not image.getexif()
    pixel = image.getpixel((60, 40))
    assert isinstance(pixel, tuple)
    assert max(pixel) - min(pixel) < 4


@pytest.mark.parametrize("name", ODD)
def test_odd_pictures(expert: SimpleEdits, name: str) -> None:
    """Every edit of every odd picture gives a picture; one would be too large, which is said."""
    for wish in WISHES.split(","):
        if (name, wish.strip()) == ("strip", "rotate 33"):
            with pytest.raises(BadInput, match="too large"):
                edited(expert, ODD[name], wish)
        else:
            shown(edited(expert, ODD[name], wish))


def test_unknown_wishes_say_what_is_possible(expert: SimpleEdits) -> None:
    """Who asks for a hat learns what can be done here, and what a hat takes."""
    with pytest.raises(ExpertFailed) as failed:
        edited(expert, samples.jpg(), "put a hat on the cat")
    for part in ("put a hat on the cat", "pencil sketch", "crop, resize", "diffusion model", "token"):
        assert part in failed.value.message


def test_damaged_pictures_are_sentences(expert: SimpleEdits) -> None:
    """Half a picture is told to be damaged."""
    whole = samples.webp()
    half = samples.media(whole.data[:100], whole.kind, whole.mime, whole.name)
    with pytest.raises(BadInput, match=r"photo\.webp"):
        edited(expert, half, "grey")


def test_it_tells_how_far_it_is_and_stops(expert: SimpleEdits) -> None:
    """Between two edits it reports, and leaves when the job was cancelled."""
    steer = Steered()
    expert.run({"image": samples.jpg(), "prompt": "grey, then blur it"}, steer)
    assert steer.progressed == [(0.0, "grey"), (0.5, "blurred")]
    with pytest.raises(Stopped):
        expert.run({"image": samples.jpg(), "prompt": "grey, then blur it"}, Steered(stop_at=2))

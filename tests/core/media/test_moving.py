from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageOps

from core.contract import Stopped
from core.errors import BadInput
from core.media import moving
from core.media.moving import changed
from core.types import Kind, Media
from tests import samples
from tests.steers import Steered

COLOURS = ("red", "lime", "blue", "white")
COPY = [("copy", Image.Image.copy)]
TIMES = [100, 200, 60, 300]


def animation(form: str, **more: Any) -> Media:
    """Return four colours in a row, each for its time."""
    first, *others = (Image.new("RGB", (40, 30), colour) for colour in COLOURS)
    file = BytesIO()
    first.save(file, form, save_all=True, append_images=others, duration=TIMES, **more)
    return samples.media(file.getvalue(), Kind.IMAGE, f"image/{form.lower()}", f"a.{form.lower()}")


def mirrored(media: Media) -> Any:
    """Return a picture's negative as Pillow opens it."""
    made = changed(media, [("negative", lambda image: ImageOps.invert(image.convert("RGB")))], "b.png", Steered())
    assert (made.mime, made.name) == ("image/gif", "b.gif")
    return Image.open(BytesIO(made.data))


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_every_picture_of_an_animation_is_changed(form: str) -> None:
    """The pictures are all there, changed, each for as long as before, and repeated as before."""
    image = mirrored(animation(form, loop=0))
    seen, times = [], []
    for number in range(image.n_frames):
        image.seek(number)
        seen.append(image.convert("RGB").getpixel((5, 5)))
        times.append(image.info["duration"])
    wanted = [(0, 255, 255), (255, 0, 255), (255, 255, 0), (0, 0, 0)]
    assert all(
        abs(one - other) < 8
        for pixel, right in zip(seen, wanted, strict=True)
        for one, other in zip(pixel, right, strict=True)
    )
    assert times == TIMES
    assert image.info["loop"] == 0


def test_a_sky_that_moves_keeps_its_softness() -> None:
    """Pictures of many colours become patterns of a GIF's 256: areas have the colour that they had."""
    sky = np.zeros((120, 160, 3))
    sky[...] = np.linspace(0, 1, 120)[:, None, None] * (210, 130, -10) + (40, 90, 200)
    sky[..., 0] += np.linspace(-40, 0, 160)
    first, *others = (Image.fromarray(np.roll(sky.clip(0, 255).astype(np.uint8), 10 * n, axis=1)) for n in range(3))
    file = BytesIO()
    first.save(file, "WEBP", save_all=True, append_images=others, duration=[80, 120, 240], lossless=True)
    made = changed(samples.media(file.getvalue(), Kind.IMAGE, "image/webp", "a.webp"), COPY, "b.png", Steered())
    gif: Any = Image.open(BytesIO(made.data))
    times = []
    for number in range(gif.n_frames):
        gif.seek(number)
        times.append(gif.info["duration"])
    assert times == [80, 120, 240]
    gif.seek(0)
    seen, meant = (np.asarray(each.convert("RGB")).reshape(15, 8, 20, 8, 3).mean(axis=(1, 3)) for each in (gif, first))
    assert np.abs(seen - meant).mean() < 1


def test_what_played_once_plays_once() -> None:
    """A GIF that stops at its end still does."""
    assert "loop" not in mirrored(animation("GIF")).info


def test_see_through_animations_leave_no_traces() -> None:
    """Where a picture is see-through, what was there before is gone."""
    first, second = Image.new("RGBA", (40, 30)), Image.new("RGBA", (40, 30))
    first.paste("red", (0, 0, 10, 10))
    second.paste("red", (20, 0, 30, 10))
    file = BytesIO()
    first.save(file, "GIF", save_all=True, append_images=[second], duration=100, disposal=2)
    made = changed(samples.media(file.getvalue(), Kind.IMAGE, "image/gif", "a.gif"), COPY, "b.png", Steered())
    image = Image.open(BytesIO(made.data))
    image.seek(1)
    shown = image.convert("RGBA")
    assert [shown.getpixel(place)[3] for place in ((5, 5), (25, 5))] == [0, 255]  # type: ignore[index]


def test_too_many_pictures_are_thinned_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A long animation keeps its length with fewer pictures."""
    monkeypatch.setattr(moving, "FRAMES", 2)
    image = mirrored(animation("GIF"))
    times = []
    for number in range(image.n_frames):
        image.seek(number)
        times.append(image.info["duration"])
    assert times == [300, 360]


def test_pictures_and_pages_stay_pictures() -> None:
    """A picture that does not move, and the pages of a scan, are no animation."""
    for build in (samples.jpg, samples.png, samples.tiff, samples.heic):
        assert changed(build(), COPY, "b.png", Steered()).mime in ("image/png", "image/jpeg")


def test_cut_and_cancelled() -> None:
    """An animation that breaks off is a sentence; a cancel is heard between its pictures."""
    whole = animation("PNG")
    with pytest.raises(BadInput, match="cut off"):
        changed(samples.media(whole.data[:-150], whole.kind, whole.mime, "cut.png"), COPY, "b", Steered())
    with pytest.raises(Stopped):
        changed(whole, COPY, "b.png", Steered(stop_at=2))

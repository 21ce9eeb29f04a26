from fractions import Fraction
from io import BytesIO
from typing import Any

import av
import numpy as np
import pytest
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc
from PIL import Image

from core.media.animation import animated
from core.media.film import filmed
from core.media.glimpses import glimpses
from core.media.screen import ordinary
from core.types import Kind, Media
from tests import samples
from tests.core.media.odd_films import film
from tests.steers import Steered

UNEVEN = (0, 0.04, 0.08, 0.5, 1.0, 1.04, 3.0, 3.04, 5.0)
"""When something happened on a screen that was recorded."""


def pictures(made: Media) -> list[Any]:
    """Decode all pictures of a film."""
    with av.open(BytesIO(made.data), "r") as container:
        return list(container.decode(video=0))


@pytest.mark.parametrize("form", ["mp4", "webm"])
def test_uneven_films_last_as_long_as_they_did(form: str) -> None:
    """Pictures keep their times, and the file announces all of them: players stop where it says."""
    made = filmed(film(UNEVEN), None, form, Steered())
    assert [frame.time for frame in pictures(made)] == pytest.approx(UNEVEN, abs=0.01)
    with av.open(BytesIO(made.data), "r") as container:
        assert container.duration is not None
        assert container.duration / 1_000_000 >= 5.0 + 0.02


def test_a_part_of_something_longer_begins_at_its_beginning() -> None:
    """A recording whose clock says ten seconds at its first picture starts at once, its sound with it."""
    part = film([10 + number / 10 for number in range(20)], container="webm", heard=(10, 12))
    made = filmed(part, None, "mp4", Steered())
    with av.open(BytesIO(made.data), "r") as container:
        assert container.duration is not None
        assert container.duration / 1_000_000 == pytest.approx(2.0, abs=0.1)
    assert pictures(made)[0].time == 0
    gif: Any = Image.open(BytesIO(animated(part, Steered()).data))
    assert gif.n_frames == 20


def test_something_is_seen_while_only_sound_is_there() -> None:
    """Where the first picture comes late it stands from the beginning, and the others keep their times."""
    times = [frame.time for frame in pictures(filmed(film([1.0, 1.1, 1.2], heard=(0, 2)), None, "mp4", Steered()))]
    assert times == pytest.approx([0, 1.1, 1.2], abs=0.01)


def test_slim_points_are_made_square() -> None:
    """A film stored at 64 x 48 for a screen of 16 to 9 comes out in that shape, in every way it is looked at."""
    wide = film(point=Fraction(4, 3))
    assert {(frame.width, frame.height) for frame in pictures(filmed(wide, None, "mp4", Steered()))} == {(84, 48)}
    assert Image.open(BytesIO(animated(wide, Steered()).data)).size == (85, 48)
    assert glimpses(wide, 1, Steered())[0].size == (85, 48)


def test_a_sky_has_no_steps_in_a_gif() -> None:
    """Where 256 colours are too few, patterns of two make those between: areas have the colour that they had."""
    sky = np.zeros((240, 320, 3))
    sky[...] = np.linspace(0, 1, 240)[:, None, None] * (210, 130, -10) + (40, 90, 200)
    sky[..., 0] += np.linspace(-40, 0, 320)
    for number in range(60):  # and many colours besides
        sky[4 * number : 4 * number + 4, 4 * number : 4 * number + 4] = (
            number * 4,
            255 - number * 4,
            number * 37 % 255,
        )
    pixels = sky.clip(0, 255).astype(np.uint8)
    file = BytesIO()
    with av.open(file, "w", format="matroska") as output:
        track: Any = output.add_stream("ffv1", rate=10)
        track.width, track.height, track.pix_fmt = 320, 240, "bgr0"
        for _ in range(3):
            output.mux(track.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        output.mux(track.encode(None))
    film = samples.media(file.getvalue(), Kind.VIDEO, "video/x-matroska", "sky.mkv")
    gif: Any = Image.open(BytesIO(animated(film, Steered()).data))
    assert (gif.n_frames, gif.info["duration"], gif.info["loop"]) == (3, 100, 0)
    seen, meant = (each.reshape(30, 8, 40, 8, 3).mean(axis=(1, 3)) for each in (np.asarray(gif.convert("RGB")), pixels))
    assert np.abs(seen - meant).mean() < 1


def test_the_whole_range_of_a_camera_keeps_its_contrast() -> None:
    """Films that use all 256 steps, as cameras do, have the same colours in the range that browsers expect."""
    (first, *_) = pictures(filmed(film(colour=(200, 50, 50), form="yuvj420p"), None, "mp4", Steered()))
    assert np.abs(first.to_ndarray(format="rgb24").mean(axis=(0, 1)) - (200, 50, 50)).max() < 4
    assert first.color_range != ColorRange.JPEG


@pytest.mark.slow
def test_films_with_more_light_than_a_screen_do_not_look_grey() -> None:
    """White of an HDR film (58 % of its signal) is white on an ordinary screen, with that screen's labels."""
    frame: Any = av.VideoFrame(64, 48, "yuv420p10le")
    for plane, level in zip(frame.planes, (64 + 0.58 * 876, 512, 512), strict=True):
        plane.update(np.full(plane.buffer_size // 2, level, np.uint16).tobytes())
    frame.colorspace, frame.color_range = Colorspace.BT2020, ColorRange.MPEG
    frame.color_trc, frame.color_primaries = ColorTrc.SMPTE2084, ColorPrimaries.BT2020
    assert frame.to_ndarray(format="rgb24").mean() < 160
    (made,) = ordinary(iter([frame]))
    assert made.to_ndarray(format="rgb24").mean() > 240
    assert (made.color_trc, made.color_primaries) == (ColorTrc.BT709, ColorPrimaries.BT709)

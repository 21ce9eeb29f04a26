from io import BytesIO

import av
import numpy as np
import pytest
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc
from PIL import Image

from core.media.film import drawn


@pytest.mark.parametrize("rate", [1, 7, 8.0, 23.976, 60])
@pytest.mark.parametrize("size", [(64, 48), (65, 47), (2, 3)])
def test_pictures_become_a_film(size: tuple[int, int], rate: float) -> None:
    """Each picture is shown for its time and in its colours; odd sides lose their last row."""
    pictures = [Image.new("RGB", size, colour) for colour in ("red", "lime", "blue")]
    film = drawn(pictures, rate, "a film.gif", "how it was made")
    assert (film.name, film.mime) == ("a film.mp4", "video/mp4")
    with av.open(BytesIO(film.data), "r") as container:
        assert container.metadata["comment"] == "how it was made"
        frames = list(container.decode(video=0))
    assert [round(frame.time * rate, 1) for frame in frames] == [0, 1, 2]
    assert {(frame.width, frame.height) for frame in frames} == {tuple(side // 2 * 2 for side in size)}
    for frame, channel in zip(frames, range(3), strict=True):
        first = frame.to_ndarray(format="rgb24")[0, 0]
        assert first.argmax() == channel


def test_films_tell_how_their_colours_are_stored() -> None:
    """Where nothing is told, players take large films for new ones and small ones for old: reds differ."""
    film = drawn([Image.new("RGB", (64, 48), (200, 50, 50))], 8, "red")
    with av.open(BytesIO(film.data), "r") as container:
        (frame,) = container.decode(video=0)
    assert frame.colorspace == Colorspace.ITU709
    assert (frame.color_primaries, frame.color_trc) == (ColorPrimaries.BT709, ColorTrc.BT709)
    assert frame.color_range == ColorRange.MPEG
    assert np.abs(frame.to_ndarray(format="rgb24").mean(axis=(0, 1)) - (200, 50, 50)).max() < 4

"""Files made to fit: each still opens or plays, and has no more bytes than it may."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from fractions import Fraction
from io import BytesIO

import av
import numpy as np
import pytest

from core.contract import Stopped
from core.errors import BadInput
from core.media.images import open_image
from core.media.shrink import shrunk
from core.types import Kind, Media
from tests import samples
from tests.core.experts.odd import ODD
from tests.played import playable
from tests.steers import Steered

KB = 1024


def film(seconds: float, size: tuple[int, int] = (320, 240), *, sound: bool = True, rate: int = 10) -> Media:
    """Return a film that is hard to pack."""
    file, random = BytesIO(), np.random.default_rng(7)
    with av.open(file, "w", "mp4") as output:
        video = output.add_stream("libx264", rate=rate, options={"preset": "ultrafast", "crf": "20"})
        video.width, video.height, video.pix_fmt = *size, "yuv420p"
        audio = output.add_stream("aac", rate=48_000, layout="stereo") if sound else None
        for _ in range(round(seconds * rate)):
            points = random.integers(0, 256, (size[1] // 8, size[0] // 8, 3), np.uint8).repeat(8, 0).repeat(8, 1)
            output.mux(video.encode(av.VideoFrame.from_ndarray(points, format="rgb24")))
        output.mux(video.encode(None))
        if audio is not None:
            for start in range(0, int(seconds * 48_000), 1024):
                wave = random.integers(-20_000, 20_000, (1, 2048)).astype(np.int16)
                frame = av.AudioFrame.from_ndarray(wave, format="s16", layout="stereo")
                frame.sample_rate, frame.pts, frame.time_base = 48_000, start, Fraction(1, 48_000)
                output.mux(audio.encode(frame))
            output.mux(audio.encode(None))
    return samples.media(file.getvalue(), Kind.VIDEO, "video/mp4", "film.mp4")


def fits(media: Media, most: int) -> Media:
    """Shrink a file that is too large, and look whether what came of it opens or plays to its end."""
    assert len(media.data) > most
    made = shrunk(media, most, Steered())
    assert 0 < len(made.data) <= most
    playable(made)
    return made


@pytest.mark.parametrize("share", [0.9, 0.5, 0.1, 0.01])
def test_a_picture_fits_and_is_no_smaller_than_it_must_be(share: float) -> None:
    """A share of its bytes will do, down to a hundredth; most of what is allowed is made use of."""
    picture = samples.picture(samples.noise(900, 600), "noise.png")
    most = int(len(picture.data) * share)
    made = fits(picture, most)
    assert (made.mime, made.name) == ("image/jpeg", "noise.jpg")
    width, height = open_image(made).size
    assert width == 900 or len(made.data) > most * 0.4
    assert abs(width / height - 1.5) < 0.1


def test_transparency_stays() -> None:
    """What is see-through is so afterwards, as WebP; alpha that is not used is no reason for it."""
    image = samples.noise(400, 300, "RGBA")
    made = fits(samples.picture(image, "logo.png"), 60 * KB)
    assert made.mime == "image/webp"
    assert open_image(made).has_transparency_data
    image.putalpha(255)
    assert fits(samples.picture(image, "logo.png"), 60 * KB).mime == "image/jpeg"


@pytest.mark.parametrize(
    "odd", ["strip", "upright strip", "sixteen bit", "float", "printing colours", "palette", "heic"]
)
def test_odd_pictures_are_encoded_as_well(odd: str) -> None:
    """Whatever their shape, depth and colours: here they fit already, and are opened and written all the same."""
    made = shrunk(ODD[odd], 10**6, Steered())
    playable(made)
    assert made.mime in ("image/jpeg", "image/webp")


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_an_animation_becomes_a_film(form: str) -> None:
    """It still moves, and at its pace: a film of as many seconds."""
    frames = [samples.noise(200, 150, seed=seed) for seed in range(20)]
    file = BytesIO()
    frames[0].save(file, form, save_all=True, append_images=frames[1:], duration=100)
    moving = samples.media(file.getvalue(), Kind.IMAGE, f"image/{form.lower()}", f"moving.{form.lower()}")
    made = fits(moving, 100 * KB)
    assert (made.kind, made.name) == (Kind.VIDEO, "moving.mp4")
    with av.open(BytesIO(made.data), "r") as container:
        assert container.duration is not None
        assert 1.5 < container.duration / 1e6 < 2.5


def test_a_gif_that_counts_as_a_film_is_shrunk() -> None:
    """As conversion makes them."""
    frames = [samples.noise(200, 150, seed=seed) for seed in range(10)]
    file = BytesIO()
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:], duration=100)
    fits(samples.media(file.getvalue(), Kind.VIDEO, "image/gif", "film.gif"), 60 * KB)


@pytest.mark.parametrize("share", [0.7, 0.2])
@pytest.mark.parametrize("sound", [True, False])
def test_a_film_fits_with_its_sound_and_its_length(share: float, sound: bool) -> None:
    """Fewer bits a second for all of it, instead of a part that is left out."""
    long = film(4.0, sound=sound)
    made = fits(long, int(len(long.data) * share))
    with av.open(BytesIO(made.data), "r") as container:
        assert bool(container.streams.audio) is sound
        assert container.duration is not None
        assert 3.5 < container.duration / 1e6 < 4.5


@pytest.mark.slow
def test_a_film_with_very_few_bits_becomes_small() -> None:
    """Its pictures shrink until they look well with what there is."""
    made = fits(film(10.0, (640, 480), rate=25), 120 * KB)
    with av.open(BytesIO(made.data), "r") as container:
        picture = container.streams.video[0]
        assert 64 <= picture.width < 400
        assert abs(picture.width / picture.height - 4 / 3) < 0.1


@pytest.mark.parametrize("sample", [samples.mov, samples.webm, samples.mp4_upright], ids=["mov", "webm", "upright"])
def test_films_of_all_kinds_play_everywhere_afterwards(sample: Callable[[], Media]) -> None:
    """As H.264 in an MP4, upright."""
    made = shrunk(sample(), 50 * KB, Steered())
    playable(made)
    assert len(made.data) <= 50 * KB


@pytest.mark.parametrize(
    ("seconds", "most", "mime"),
    [(20.0, 200 * KB, "audio/mpeg"), (20.0, 60 * KB, "audio/ogg"), (5.0, 200 * KB, "audio/mpeg")],
)
def test_sound_fits_at_fewer_bits(seconds: float, most: int, mime: str) -> None:
    """As MP3, and as Opus where that would hiss; all of it."""
    made = fits(samples.wav(seconds, channels=2), most)
    assert made.mime == mime
    with av.open(BytesIO(made.data), "r") as container:
        assert container.duration is not None
        assert abs(container.duration / 1e6 - seconds) < 0.2


@pytest.mark.parametrize(
    "media",
    [
        samples.txt("All work and no play makes Jack a dull boy.\n" * 1000),
        samples.media(b"name,apples\n" + b"Ada,3\n" * 5000, Kind.TABLE, "text/csv", "apples.csv"),
        samples.pdf_of(60),
    ],
    ids=["text", "table", "document"],
)
def test_what_else_there_is_is_packed(media: Media) -> None:
    """The file in the archive is the very same."""
    most = len(media.data) // 2
    made = shrunk(media, most, Steered())
    assert len(made.data) <= most
    assert (made.mime, made.name) == ("application/zip", f"{media.name}.zip")
    with zipfile.ZipFile(io.BytesIO(made.data)) as archive:
        assert archive.read(media.name) == media.data


@pytest.mark.parametrize(
    ("media", "most"),
    [
        (samples.picture(samples.noise(300, 300)), 400),
        (film(3.0), 5 * KB),
        (samples.wav(60.0), 20 * KB),
        (samples.media(np.random.default_rng(7).bytes(9000), Kind.DOCUMENT, "application/pdf", "noise.pdf"), 5000),
    ],
    ids=["picture", "film", "sound", "document"],
)
def test_what_cannot_fit_is_told(media: Media, most: int) -> None:
    """A file of which nothing could be made out is worth less than a sentence."""
    with pytest.raises(BadInput, match="cannot be made small enough"):
        shrunk(media, most, Steered())


@pytest.mark.parametrize(
    "media",
    [
        samples.media(b"nothing", Kind.IMAGE, "image/png", "broken.png"),
        samples.media(b"\x00\x00\x00\x18ftypmp42", Kind.VIDEO, "video/mp4", "broken.mp4"),
        samples.media(b"RIFF nothing", Kind.AUDIO, "audio/wav", "broken.wav"),
        samples.mp4_without_frames(),
    ],
)
def test_what_is_broken_is_told(media: Media) -> None:
    """No decoder's own words reach anybody."""
    with pytest.raises(BadInput):
        shrunk(media, 1, Steered())


def test_a_cancel_is_heard() -> None:
    """A long film does not hold up whoever stopped waiting."""
    with pytest.raises(Stopped):
        shrunk(film(3.0), 50 * KB, Steered(stop_at=2))


def test_what_is_hopeless_has_the_name_that_people_know() -> None:
    """An animation on its way to a film is called as it was sent."""
    first, *others = (samples.photo(200 + number, 150).resize((200, 150)) for number in range(4))
    file = BytesIO()
    first.save(file, "WEBP", save_all=True, append_images=others, duration=100)
    with pytest.raises(BadInput, match=r"dance\.webp cannot be made small enough"):
        shrunk(samples.media(file.getvalue(), Kind.IMAGE, "image/webp", "dance.webp"), 500, Steered())

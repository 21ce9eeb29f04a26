from io import BytesIO
from typing import Any

import av
import pytest
from PIL import Image

from core.contract import Stopped
from core.errors import BadInput
from core.experts.video_conversion import FfmpegVideo
from core.types import Kind, Media
from tests import samples
from tests.steers import Steered


def convert(video: Media, **inputs: Any) -> Media:
    """Return the film the expert gives."""
    made = FfmpegVideo().run({"video": video, **inputs}, Steered())["video"]
    assert isinstance(made, Media)
    assert made.kind is Kind.VIDEO
    return made


def described(film: Media) -> dict[str, Any]:
    """Decode all of it: codecs, size, seconds of pictures and of sound, redness of the last picture."""
    facts: dict[str, Any] = {}
    with av.open(BytesIO(film.data), "r") as container:
        for stream in container.streams:
            facts[stream.type] = stream.codec_context.name
        times = []
        for frame in container.decode(video=0):
            times.append(frame.time)
            facts |= {"size": (frame.width, frame.height), "format": frame.format.name}
            facts["red"] = int(frame.to_ndarray(format="rgb24")[..., 0].mean())
        facts["times"] = times
    if "audio" in facts:
        with av.open(BytesIO(film.data), "r") as container:
            facts["sound"] = sum(float(frame.samples) / frame.sample_rate for frame in container.decode(audio=0))
    return facts


@pytest.mark.parametrize(
    ("form", "codecs"), [("mp4", ("h264", "aac", "video/mp4")), ("webm", ("vp9", "opus", "video/webm"))]
)
@pytest.mark.parametrize("build", samples.VIDEOS)
def test_formats(build: samples.Build, form: str, codecs: tuple[str, str, str]) -> None:
    """Twenty pictures at ten a second and their sound come through, in the codecs that players know."""
    made = convert(build(), format=form)
    facts = described(made)
    assert (facts["video"].removeprefix("lib").split("-")[0], facts["audio"].removeprefix("lib"), made.mime) == codecs
    assert (facts["size"], facts["format"]) == ((64, 48), "yuv420p")
    assert facts["times"] == pytest.approx([number / 10 for number in range(20)], abs=0.02)
    assert facts["sound"] == pytest.approx(2.0, abs=0.1)
    assert facts["red"] > 220


def test_mp4_starts_to_play_before_it_is_loaded() -> None:
    """The index comes before the pictures."""
    data = convert(samples.webm()).data
    assert 0 < data.index(b"moov") < data.index(b"mdat")


@pytest.mark.parametrize("build", samples.VIDEOS)
def test_gif(build: samples.Build) -> None:
    """Two seconds become twenty pictures of a tenth of a second, repeated for ever."""
    made = convert(build(), format="gif")
    assert (made.name.rpartition(".")[2], made.mime) == ("gif", "image/gif")
    image: Any = Image.open(BytesIO(made.data))
    assert (image.n_frames, image.info["duration"], image.info["loop"], image.size) == (20, 100, 0, (64, 48))
    image.seek(19)
    assert image.convert("RGB").getpixel((10, 10))[0] > 220


def test_sound_is_laid_under_a_film() -> None:
    """New sound replaces the old; where it is longer, the film lasts as long as the sound."""
    made = convert(samples.mp4(), audio=samples.wav(5, 44_100, 2))
    facts = described(made)
    assert made.name == "film-with-sound.mp4"
    assert facts["sound"] == pytest.approx(5.0, abs=0.1)
    assert len(facts["times"]) == 20
    silent = described(convert(samples.mp4(silent=True), audio=samples.ogg(), format="webm"))
    assert silent["sound"] == pytest.approx(1.0, abs=0.1)
    assert len(silent["times"]) == 20


def test_sound_of_another_film() -> None:
    """The sound may come from a film; its pictures do not."""
    facts = described(convert(samples.mp4(size=(32, 32), silent=True), audio=samples.mov()))
    assert facts["size"] == (32, 32)
    assert facts["sound"] == pytest.approx(2.0, abs=0.1)


@pytest.mark.parametrize("form", ["mp4", "webm", "gif"])
def test_upright_films_stand_upright(form: str) -> None:
    """What a telephone notes beside its pictures is done to the pictures."""
    assert described(convert(samples.mp4_upright(), format=form))["size"] == (48, 64)


def test_odd_sizes_are_made_even() -> None:
    """H.264 cannot store 63 x 47 pixels: the film becomes 62 x 46 instead of an error."""
    film = samples.film("webm", "libvpx-vp9", size=(63, 47), sound_codec=None)
    facts = described(convert(samples.media(film, Kind.VIDEO, "video/webm", "odd.webm")))
    assert facts["size"] == (62, 46)
    assert "audio" not in facts


def test_one_picture_is_a_film() -> None:
    """A film of a single picture goes through."""
    assert len(described(convert(samples.mp4(frames=1)))["times"]) == 1
    assert convert(samples.mp4(frames=1), format="gif").data


@pytest.mark.parametrize("form", ["mp4", "gif"])
def test_without_pictures_there_is_a_sentence(form: str) -> None:
    """A recording, an empty film, a damaged film and a picture are told apart."""
    for build in (samples.mp4_without_frames, samples.mp4_sound_only):
        with pytest.raises(BadInput, match="has no moving pictures"):
            convert(build(), format=form)
    with pytest.raises(BadInput, match="neither sound nor"):
        convert(samples.png(), format=form)
    whole = samples.mp4()
    with pytest.raises(BadInput, match="damaged or cut off"):
        convert(samples.media(whole.data[:3000], whole.kind, whole.mime, whole.name), format=form)


def test_what_cannot_be_is_said() -> None:
    """A GIF has no sound, a silent film has none to lend, and an hour is no GIF."""
    with pytest.raises(BadInput, match="A GIF has no sound"):
        convert(samples.mp4(), audio=samples.wav(), format="gif")
    with pytest.raises(BadInput, match="has no sound"):
        convert(samples.mp4(), audio=samples.mp4(silent=True))
    with pytest.raises(BadInput, match="too long for a GIF"):
        convert(samples.mp4(frames=700, silent=True), format="gif")


@pytest.mark.parametrize("form", ["mp4", "webm", "gif"])
def test_progress_and_cancel(form: str) -> None:
    """A film of ten seconds tells how far it is, and a cancel stops it before it is written."""
    film, steer = samples.mp4(frames=100, silent=True), Steered()
    FfmpegVideo().run({"video": film, "format": form}, steer)
    told = [fraction for fraction, _ in steer.progressed if fraction is not None]
    assert told == sorted(told)
    assert told[-1] >= 0.9
    with pytest.raises(Stopped):
        FfmpegVideo().run({"video": film, "format": form}, Steered(stop_at=3))

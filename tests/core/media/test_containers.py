"""Films and sounds in the containers of players, camcorders, broadcasts and telephones."""

import io
import random
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

import av
import numpy as np
import pytest

from core.errors import BadInput
from core.limits import Limits
from core.media.film import filmed
from core.media.glimpses import glimpses
from core.media.probe import Bounds, probe
from core.media.sniff import FORMATS, SUPPORTED, safe_name, sniff
from core.media.sound import converted
from core.media.waves import wave_of
from core.types import Kind, Media
from tests import samples
from tests.steers import Steered

WIDE = Bounds(
    pixels=Limits().pixels, seconds=Limits().media_seconds, pages=Limits().pages, chars=Limits().document_chars
)
CUT_ANYWHERE = (".aac", ".amr", ".ts", ".mpg")
"""Endings of what consists of small parts and tells no length: each part of it is a whole."""


def mpg(size: tuple[int, int] = (64, 48), frames: int = 30, **options: str) -> Media:
    """Return a film as on a DVD: MPEG-2 with pictures that depend on later ones."""
    file = io.BytesIO()
    with av.open(file, "w", format="vob") as output:
        video: Any = output.add_stream("mpeg2video", rate=25, options={"bf": "2", **options})
        video.width, video.height, video.pix_fmt, video.bit_rate = *size, "yuv420p", 2_000_000
        for number in range(frames):
            video_frame: Any = av.VideoFrame.from_ndarray(striped(size, number), format="rgb24")
            output.mux(video.encode(video_frame))
        output.mux(video.encode(None))
    return samples.media(file.getvalue(), Kind.VIDEO, "video/mpeg", "film.mpg")


def striped(size: tuple[int, int], number: int) -> Any:
    """Return the picture of a bar that wanders: its even lines are those of a moment earlier than the odd ones."""
    pixels = np.zeros((size[1], size[0], 3), np.uint8)
    pixels[::2, number * 8 : number * 8 + 16] = 255
    pixels[1::2, number * 8 + 4 : number * 8 + 20] = 255
    return pixels


@pytest.mark.parametrize("build", [*samples.OTHER_FILMS, *samples.OTHER_SOUNDS, mpg], ids=lambda one: one.__name__)
def test_it_is_known_by_its_content_and_can_be_used(build: samples.Build) -> None:
    """Whatever its name says, it is what it is, keeps its ending, and becomes what every browser plays."""
    sample = build()
    kind, facts = probe(replace(sample, kind=Kind.TEXT, mime="", name="photo.jpg"), WIDE)
    assert (kind, facts["mime"]) == (sample.kind, sample.mime)
    assert facts["seconds"] == pytest.approx(2 if kind is Kind.VIDEO else 1, abs=0.81)
    assert safe_name(sample.name, FORMATS[str(facts["mime"])]) == sample.name
    if kind is Kind.VIDEO:
        made = filmed(sample, None, "mp4", Steered())
        with av.open(io.BytesIO(made.data), "r") as container:
            assert container.streams.video[0].codec_context.name == "h264"
            frames = list(container.decode(video=0))
        assert len(frames) == (30 if build is mpg else 20)
        times = [frame.time for frame in frames][1:]  # where sound goes first, the first stands a little longer
        steps = {round(later - early, 2) for early, later in pairwise(times)}
        assert steps == {0.04 if build is mpg else 0.1}
        assert len(glimpses(sample, 3, Steered())) >= 1
    if facts["sound"]:
        assert converted(sample, "mp3", Steered()).mime == "audio/mpeg"
        assert np.abs(wave_of(sample, 16_000, Steered())).max() > 0.2


@pytest.mark.parametrize("build", [*samples.OTHER_FILMS, *samples.OTHER_SOUNDS], ids=lambda one: one.__name__)
def test_what_is_cut_off_is_told(build: samples.Build) -> None:
    """What ends before the end it tells is refused; what may be cut anywhere is as long as it is."""
    sample = build()
    for share in (0.1, 0.3, 0.6):
        part = replace(sample, data=sample.data[: int(len(sample.data) * share)])
        if sample.name.endswith(CUT_ANYWHERE):
            with suppress(BadInput):  # too little to begin with
                assert float(str(probe(part, WIDE)[1]["seconds"])) < 2
        else:
            with pytest.raises(BadInput, match="cut off"):
                probe(part, WIDE)


@pytest.mark.parametrize("build", [*samples.OTHER_FILMS, *samples.OTHER_SOUNDS], ids=lambda one: one.__name__)
def test_noise_never_breaks_it(build: samples.Build) -> None:
    """A file with flipped bytes is taken or refused with a sentence; nothing else happens."""
    sample = build()
    for seed in range(5):
        chance = random.Random(seed)
        data = bytearray(sample.data)
        for _ in range(chance.randrange(1, 60)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        with suppress(BadInput):
            probe(replace(sample, data=bytes(data)), WIDE)


def test_they_have_the_limits_of_the_others() -> None:
    """Too long and too large are told, whether the length is written in the file or only counted."""
    for build in (*samples.OTHER_FILMS, *samples.OTHER_SOUNDS):
        with pytest.raises(BadInput, match="longer than"):
            probe(build(), replace(WIDE, seconds=0.5))
    with pytest.raises(BadInput, match="too large"):
        probe(mpg(), replace(WIDE, pixels=2_000))


@pytest.mark.parametrize(("name", "helps"), [("a.ac3", "MP3"), ("a.mxf", "MP4"), ("a.rm", "MP4"), ("a.dsf", "MP3")])
def test_odd_ones_are_refused_with_what_would_help(name: str, helps: str) -> None:
    """Formats that hardly anybody sends get a sentence that says what to save them as."""
    with pytest.raises(BadInput, match=f"Saved as {helps} it would work") as refused:
        sniff(b"\x0b\x77" + bytes(range(256)) * 2, name)
    assert SUPPORTED in refused.value.message


def test_pictures_without_a_container_are_refused() -> None:
    """A bare stream of MPEG pictures has no times."""
    with pytest.raises(BadInput, match="Saved as MP4"):
        sniff(b"\0\0\x01\xb3" + bytes(range(256)), "film.m2v")


def test_a_program_in_typescript_is_text() -> None:
    """What ends in .ts is a broadcast or a program; the content tells."""
    assert sniff(b"export const answer: number = 42\n", "answer.ts").kind is Kind.TEXT
    assert safe_name("answer.ts", FORMATS["text/plain"]) == "answer.ts.txt"
    assert safe_name("news.ts", FORMATS["video/mp2t"]) == "news.ts"


def test_a_mark_by_chance_is_no_broadcast() -> None:
    """A few bytes that look like the marks of packets make no film; a frame of AAC needs another behind it."""
    with pytest.raises(BadInput):
        sniff(b"G" + bytes(187) + b"G" + bytes(187), "a.bin")
    with pytest.raises(BadInput):
        sniff(b"\xff\xf1\x50\x80\x02\x1f\xfc" + bytes(200), "a.bin")


def test_films_of_the_first_digital_cameras_are_known() -> None:
    """QuickTime had no signature then: the file begins with its first box."""
    new = samples.mov()
    old = replace(new, data=new.data.replace(b"ftyp", b"wide", 1))
    assert probe(old, WIDE) == probe(new, WIDE)


def test_each_container_has_a_name_for_its_sound() -> None:
    """What is film by its signature and sound by its content has a type and an ending of its own."""
    broken = 0
    for container, codec, mime in (("flv", "aac", "audio/x-flv"), ("avi", "libmp3lame", "audio/x-msvideo")):
        sample = samples.media(samples.sound(container, codec, rate=44_100), Kind.AUDIO, mime, "tone")
        kind, facts = probe(sample, WIDE)
        assert (kind, facts["mime"]) == (Kind.AUDIO, mime)
        assert mime in FORMATS
        broken += converted(sample, "mp3", Steered()).mime != "audio/mpeg"
    assert not broken


def test_a_film_of_an_old_camera_runs_evenly() -> None:
    """AVI only says when pictures are decoded; where some depend on later ones they still come one after the other."""
    file = io.BytesIO()
    with av.open(file, "w", format="avi") as output:
        video: Any = output.add_stream("libx264", rate=10, options={"preset": "ultrafast", "bf": "2"})
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        video.codec_context.max_b_frames = 2
        for number in range(20):
            frame: Any = av.VideoFrame.from_ndarray(np.full((48, 64, 3), number * 12, np.uint8), format="rgb24")
            output.mux(video.encode(frame))
        output.mux(video.encode(None))
    made = filmed(samples.media(file.getvalue(), Kind.VIDEO, "video/x-msvideo", "a.avi"), None, "mp4", Steered())
    with av.open(io.BytesIO(made.data), "r") as container:
        frames = list(container.decode(video=0))
    assert [frame.time for frame in frames] == pytest.approx([number / 10 for number in range(20)], abs=0.001)
    light = [frame.to_ndarray(format="gray").mean() for frame in frames]
    assert light == sorted(light)


def test_woven_lines_are_parted() -> None:
    """The comb of edges that broadcasts and tapes have is gone: neighbouring lines show the same moment."""
    woven = mpg((160, 120), 12, flags="+ildct+ilme")
    with av.open(io.BytesIO(woven.data), "r") as container:
        (first, *_) = container.decode(video=0)
        assert first.interlaced_frame
        before = _combed(first)
    with av.open(io.BytesIO(filmed(woven, None, "mp4", Steered()).data), "r") as container:
        frames = list(container.decode(video=0))
    assert len(frames) == 12
    assert max(_combed(frame) for frame in frames[1:]) < before / 2


def _combed(frame: Any) -> float:
    """Return how much each line differs from its neighbours, which are alike."""
    lines = frame.to_ndarray(format="gray").astype(float)
    return float(np.abs(lines[1:-1] - (lines[:-2] + lines[2:]) / 2).mean())


def see_through(codec: str) -> Media:
    """Return a red square on nothing."""
    file = io.BytesIO()
    with av.open(file, "w", format="webm") as output:
        video: Any = output.add_stream(codec, rate=10, options={"auto-alt-ref": "0", "cpu-used": "8"})
        video.width, video.height, video.pix_fmt = 64, 48, "yuva420p"
        video.metadata["alpha_mode"] = "1"
        pixels = np.zeros((48, 64, 4), np.uint8)
        pixels[16:32, 16:48] = (255, 0, 0, 255)
        for number in range(5):
            frame: Any = av.VideoFrame.from_ndarray(pixels, format="rgba").reformat(format="yuva420p")
            frame.pts, frame.time_base = number, Fraction(1, 10)
            output.mux(video.encode(frame))
        output.mux(video.encode(None))
    return samples.media(file.getvalue(), Kind.VIDEO, "video/webm", "sticker.webm")


@pytest.mark.parametrize("codec", ["libvpx", "libvpx-vp9"])
def test_what_is_see_through_in_a_film_is_laid_on_white(codec: str) -> None:
    """A sticker that moves stands on white, as a still one does, and its red stays red."""
    sticker = see_through(codec)
    with av.open(io.BytesIO(filmed(sticker, None, "mp4", Steered()).data), "r") as container:
        frames = list(container.decode(video=0))
    assert len(frames) == 5
    pixels = frames[0].to_ndarray(format="rgb24").astype(int)
    assert pixels[4, 4].min() > 245
    assert np.abs(pixels[24, 32] - (255, 0, 0)).max() < 12
    assert np.asarray(glimpses(sticker, 1, Steered())[0])[4, 4].min() > 245


def test_a_recorded_screen_keeps_its_colours() -> None:
    """What is stored in red, green and blue is told in a film's colours as what it then is."""
    file = io.BytesIO()
    with av.open(file, "w", format="matroska") as output:
        video: Any = output.add_stream("libx264rgb", rate=10, options={"preset": "ultrafast", "qp": "0"})
        video.width, video.height, video.pix_fmt = 64, 48, "rgb24"
        video.codec_context.colorspace = 0
        picture = np.full((48, 64, 3), (200, 50, 50), np.uint8)
        for _ in range(3):
            output.mux(video.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        output.mux(video.encode(None))
    made = filmed(samples.media(file.getvalue(), Kind.VIDEO, "video/x-matroska", "a.mkv"), None, "mp4", Steered())
    with av.open(io.BytesIO(made.data), "r") as container:
        assert container.streams.video[0].codec_context.colorspace == 1  # BT.709
        (first, *_) = container.decode(video=0)
    assert np.abs(first.to_ndarray(format="rgb24").mean(axis=(0, 1)) - (200, 50, 50)).max() < 4


@pytest.mark.parametrize("form", ["mp4", "webm", "m4a", "ogg"])
def test_sound_comes_at_its_moment(form: str) -> None:
    """What encoders put before a sound is not heard: a click after half a second stays there to a thousandth."""
    rate = 48_000
    wave = np.zeros(rate, np.int16)
    wave[rate // 2 :] = np.sign(np.sin(np.arange(rate // 2) / 8)) * 20_000
    file = io.BytesIO()
    with av.open(file, "w", format="wav") as output:
        track: Any = output.add_stream("pcm_s16le", rate=rate, layout="mono")
        frame = av.AudioFrame.from_ndarray(wave[None], format="s16", layout="mono")
        frame.sample_rate = rate
        output.mux([*track.encode(frame), *track.encode(None)])
    click = samples.media(file.getvalue(), Kind.AUDIO, "audio/wav", "click.wav")
    film = form in ("mp4", "webm")
    made = filmed(samples.mp4(frames=10), click, form, Steered()) if film else converted(click, form, Steered())
    with av.open(io.BytesIO(made.data), "r") as container:
        heard = next(
            (part.time or 0) + int(loud[0]) / part.sample_rate
            for part in container.decode(audio=0)
            if len(loud := np.nonzero(np.abs(part.to_ndarray()[0]) > 0.2)[0])
        )
    assert heard == pytest.approx(0.5, abs=0.0015)


@pytest.mark.parametrize("form", ["m4a", "mp3"])
def test_six_loud_channels_make_two_that_are_not_torn(form: str) -> None:
    """The sound of a cinema is as loud as can be in its channels; put together it is no louder than that."""
    wave = np.round(np.sin(np.arange(48_000) / 25) * 29_000).astype(np.int16)
    file = io.BytesIO()
    with av.open(file, "w", format="wav") as output:
        track: Any = output.add_stream("pcm_s16le", rate=48_000, layout="5.1")
        frame = av.AudioFrame.from_ndarray(np.repeat(wave, 6)[None], format="s16", layout="5.1")
        frame.sample_rate = 48_000
        output.mux([*track.encode(frame), *track.encode(None)])
    made = converted(samples.media(file.getvalue(), Kind.AUDIO, "audio/wav", "cinema.wav"), form, Steered())
    with av.open(io.BytesIO(made.data), "r") as container:
        loudest = max(float(np.abs(part.to_ndarray()).max()) for part in container.decode(audio=0))
    assert 0.5 < loudest < 1.1


def test_m4a_that_not_all_players_know_becomes_aac() -> None:
    """An M4A may hold Apple's lossless sound: asked for M4A it comes as AAC, and AAC stays as it is."""
    lossless = samples.as_sound("ipod", "alac", "audio/mp4", ".m4a")()
    with av.open(io.BytesIO(converted(lossless, "m4a", Steered()).data), "r") as container:
        assert container.streams.audio[0].codec_context.name == "aac"
    usual = samples.m4a()
    assert converted(usual, "m4a", Steered()) is usual

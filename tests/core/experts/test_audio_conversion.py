from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

import av
import numpy as np
import pytest

from core.contract import Stopped
from core.errors import BadInput
from core.experts.audio_conversion import TYPE, FfmpegAudio
from core.media.sound import WRITERS
from core.types import Kind, Media
from tests import samples
from tests.steers import Steered


def convert(audio: Media, **inputs: str) -> Media:
    """Return the recording the expert gives."""
    made = FfmpegAudio().run({"audio": audio, **inputs}, Steered())["audio"]
    assert isinstance(made, Media)
    assert made.kind is Kind.AUDIO
    return made


@contextmanager
def played(sound: Media) -> Iterator[Any]:
    """Open a recording for a look."""
    with av.open(BytesIO(sound.data), "r") as container:
        yield container.streams.audio[0]


def seconds_and_loudness(sound: Media) -> tuple[float, float]:
    """Decode all of it: its length, and the root of its mean square (1 is as loud as can be)."""
    resampler = av.AudioResampler(format="flt", layout="mono", rate=48_000)
    with av.open(BytesIO(sound.data), "r") as container:
        frames = [new for frame in container.decode(audio=0) for new in resampler.resample(frame)]
    wave = np.concatenate([frame.to_ndarray().ravel() for frame in frames])
    return len(wave) / 48_000, float(np.sqrt(np.mean(wave**2)))


@pytest.mark.parametrize("form", WRITERS)
@pytest.mark.parametrize("build", [*samples.AUDIOS, *samples.VIDEOS])
def test_every_format_to_every_format(build: samples.Build, form: str) -> None:
    """Length and loudness survive each conversion, and the sound track of a film is a recording."""
    source = build()
    made = convert(source, format=form)
    assert (made.mime, made.name.rpartition(".")[2]) == (WRITERS[form].mime, form)
    seconds, loudness = seconds_and_loudness(made)
    assert seconds == pytest.approx(2.0 if source.kind is Kind.VIDEO else 1.0, abs=0.15)
    assert loudness == pytest.approx(0.21, abs=0.04)  # a sine of 0.3


def test_mp3_is_the_default_and_what_is_right_stays_as_it_is() -> None:
    """Nothing is encoded a second time without need."""
    assert convert(samples.wav()).mime == "audio/mpeg"
    assert convert(samples.mp3()).data == samples.mp3().data
    assert set(getattr(TYPE.take("format"), "choices", ())) == set(WRITERS)


@pytest.mark.parametrize("form", ["mp3", "ogg", "flac", "m4a"])
@pytest.mark.parametrize(("rate", "channels"), [(8000, 1), (7001, 1), (44_100, 2), (96_000, 2)])
def test_rates_and_channels(form: str, rate: int, channels: int) -> None:
    """Odd and high sample rates are brought to what the format knows; mono stays mono."""
    made = convert(samples.wav(0.5, rate, channels), format=form)
    with played(made) as stream:
        assert stream.channels == channels
        assert stream.rate <= max(48_000, rate if form == "flac" else 0)
    assert seconds_and_loudness(made)[0] == pytest.approx(0.5, abs=0.2)


def test_silence_and_a_moment() -> None:
    """Silence is converted to silence, and a thousandth of a second is no error."""
    assert seconds_and_loudness(convert(samples.wav(volume=0)))[1] < 0.001
    assert convert(samples.wav(0.001), format="ogg").data


def test_without_sound_there_is_a_sentence() -> None:
    """A silent film, an empty recording and a damaged one are told apart."""
    with pytest.raises(BadInput, match=r"film\.mp4 has no sound"):
        convert(samples.mp4(silent=True))
    with pytest.raises(BadInput, match=r"tone\.wav has no sound"):
        convert(samples.wav(0))
    with pytest.raises(BadInput, match="neither sound nor"):
        convert(samples.png())
    whole = samples.m4a()
    with pytest.raises(BadInput, match="damaged or cut off"):
        convert(samples.media(whole.data[:5000], whole.kind, whole.mime, whole.name))


def test_progress_grows_and_a_cancel_stops_it() -> None:
    """A minute of sound tells how far it is, and stops where it was when cancelled."""
    minute = samples.media(samples.sound("mp3", "libmp3lame", seconds=60), Kind.AUDIO, "audio/mpeg", "long.mp3")
    steer = Steered()
    FfmpegAudio().run({"audio": minute, "format": "ogg"}, steer)
    told = [fraction for fraction, _ in steer.progressed if fraction is not None]
    assert told == sorted(told)
    assert told[-1] > 0.9
    stopping = Steered(stop_at=3)
    with pytest.raises(Stopped):
        FfmpegAudio().run({"audio": minute, "format": "ogg"}, stopping)
    assert len(stopping.progressed) == 2

import numpy as np
import pytest

from core.contract import Stopped
from core.errors import BadInput
from core.media.waves import at_least, is_silent, wave_of, windows
from core.types import Kind
from tests import samples
from tests.steers import Steered

ODD = (
    lambda: samples.wav(1, 96_000, 2),
    lambda: samples.wav(1, 7001),
    lambda: samples.media(samples.sound("wav", "pcm_u8", rate=8000), Kind.AUDIO, "audio/wav", "8-bit.wav"),
)


@pytest.mark.parametrize("build", [*samples.AUDIOS, *samples.VIDEOS, *ODD])
@pytest.mark.parametrize("rate", [16_000, 48_000])
def test_every_recording_and_sound_track_becomes_numbers(build: samples.Build, rate: int) -> None:
    """Length, loudness and pitch are those of the tone, whatever held it."""
    media = build()
    wave = wave_of(media, rate, Steered())
    assert wave.dtype == np.float32
    assert len(wave) / rate == pytest.approx(2 if media.kind is Kind.VIDEO else 1, abs=0.01)
    assert np.sqrt(np.mean(wave**2)) == pytest.approx(0.212, abs=0.02)
    middle = wave[rate // 4 : rate // 4 * 3]
    pitch = np.fft.rfftfreq(len(middle), 1 / rate)[np.abs(np.fft.rfft(middle)).argmax()]
    assert pitch == pytest.approx(440, abs=3)


def test_silence_is_told_from_a_word() -> None:
    """Nothing is silent, zeros are, so is faint noise; a tenth of a second of a tone in a minute is heard."""
    assert is_silent(np.zeros(0, np.float32), 16_000)
    assert is_silent(wave_of(samples.wav(volume=0), 16_000, Steered()), 16_000)
    minute = np.zeros(60 * 16_000, np.float32)
    assert is_silent(minute + 1e-4, 16_000)
    minute[500_000:501_600] = 0.01
    assert not is_silent(minute, 16_000)


@pytest.mark.parametrize("length", [1, 29, 30, 31, 49, 50, 51, 1000])
def test_windows_hold_every_sample_once(length: int) -> None:
    """Without what they share with their neighbours, windows are the whole recording."""
    wave = np.arange(length, dtype=np.float32)
    cut = list(windows(wave, 30, 5))
    assert all(len(window.wave) <= 30 for window in cut)
    own = [window.wave[window.left : len(window.wave) - window.right] for window in cut]
    assert np.concatenate(own).tolist() == wave.tolist()
    assert all(window.wave[0] == window.start for window in cut)


def test_too_short_for_a_model() -> None:
    """Silence follows what is too short; what is long enough stays as it is."""
    assert at_least(np.ones(2, np.float32), 4).tolist() == [1, 1, 0, 0]
    assert len(at_least(np.ones(5, np.float32), 4)) == 5


def test_without_sound_there_is_a_sentence() -> None:
    """A silent film, an empty recording, a picture and a damaged file are refused with words."""
    cut = samples.m4a()
    for media in (
        samples.mp4(silent=True),
        samples.wav(0),
        samples.png(),
        samples.media(cut.data[:3000], cut.kind, cut.mime, cut.name),
    ):
        with pytest.raises(BadInput, match=media.name):
            wave_of(media, 16_000, Steered())


def test_cancelled() -> None:
    """Decoding a long recording stops when the job was cancelled."""
    minute = samples.media(samples.sound("mp3", "libmp3lame", seconds=60), Kind.AUDIO, "audio/mpeg", "long.mp3")
    with pytest.raises(Stopped):
        wave_of(minute, 16_000, Steered(stop_at=2))

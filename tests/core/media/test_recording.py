import io

import av
import numpy as np
import pytest

from core.media.recording import MUSIC, Recording, recorded
from core.types import Media


@pytest.mark.parametrize("form", ["wav", "mp3"])
def test_what_was_written_is_played_back(form: str) -> None:
    """Two seconds of a tone in three pieces come back as two seconds, as loud as they were."""
    tone = (np.sin(np.arange(44_100) * 0.1) * 10_000).astype(np.int16)
    recording = Recording(form, 22_050)
    for part in np.array_split(tone, 3):
        recording.write(part.tobytes())
    recording.write(b"")
    with av.open(io.BytesIO(recording.finish()), "r") as container:
        frames = [frame.to_ndarray().ravel() for frame in container.decode(audio=0)]
    heard = np.concatenate(frames).astype(float)
    heard = heard if abs(heard).max() > 2 else heard * 32_768
    assert len(heard) / 22_050 == pytest.approx(2, abs=0.15)
    assert np.sqrt(np.mean(heard**2)) == pytest.approx(7_071, rel=0.1)


def played(media: Media) -> tuple[int, int, float, float]:
    """Return rate, channels, seconds and loudness of a file."""
    with av.open(io.BytesIO(media.data), "r") as container:
        stream = container.streams.audio[0]
        frames = [frame.to_ndarray() for frame in container.decode(stream)]
        rate, channels = stream.rate or 0, stream.channels
    wave = np.concatenate([frame.reshape(-1) for frame in frames]).astype(float)
    wave = wave / 32_768 if media.mime == "audio/wav" else wave
    return rate, channels, wave.size / channels / rate, float(np.sqrt(np.mean(wave**2)))


@pytest.mark.parametrize("rate", [16_000, 22_050, 32_000, 44_100])
@pytest.mark.parametrize("channels", [1, 2])
def test_a_short_wave_becomes_a_wav_and_a_long_one_an_mp3(rate: int, channels: int) -> None:
    """Rate, channels, length and loudness of the numbers are those of the file."""
    tone = np.tile(np.sin(np.arange(rate) * 0.1) * 0.5, (channels, 1))
    short, long = recorded(tone, rate, "tone"), recorded(np.tile(tone, 130), rate, "tone", MUSIC)
    assert (short.name, short.mime, long.name, long.mime) == ("tone.wav", "audio/wav", "tone.mp3", "audio/mpeg")
    assert played(short) == pytest.approx((rate, channels, 1, 0.354), abs=0.01)
    assert played(long) == pytest.approx((rate, channels, 130, 0.354), abs=0.2)


def test_numbers_that_no_speaker_can_play() -> None:
    """What is too loud is cut, what is no number is silent, and an odd sample rate is encoded at one that mp3 knows."""
    loud = recorded(np.array([9.0, -9.0, np.nan, 0.0]), 16_000, "odd")
    assert np.frombuffer(loud.data[-8:], np.int16).tolist() == [32_767, -32_767, 0, 0]
    odd = recorded(np.zeros((2, 3_000_000), np.float32), 40_960, "odd")
    assert played(odd)[0] == 44_100
    assert played(odd)[2] == pytest.approx(3_000_000 / 40_960, abs=0.2)

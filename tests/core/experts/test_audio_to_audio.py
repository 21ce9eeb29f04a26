import numpy as np
import pytest
from numpy.typing import NDArray

from core.contract import Stopped
from core.errors import BadInput
from core.executors.check import checked
from core.experts.audio_to_audio import Cleaner
from core.media.denoise import denoised
from core.media.recording import recorded
from core.media.waves import wave_of
from core.types import Kind, Media
from tests import samples
from tests.cards import card_of
from tests.steers import Steered

RATE = 48_000


def clean(media: Media) -> Media:
    """Return the checked recording."""
    made = checked(card_of(Cleaner), Cleaner().run({"audio": media}, Steered()))["audio"]
    assert isinstance(made, Media)
    return made


def speech() -> NDArray[np.float32]:
    """Return eight seconds of a voice: vowels of changing pitch, with pauses between them."""
    times = np.arange(RATE * 8) / RATE
    pitch = 2 * np.pi * np.cumsum(120 + 30 * np.sin(times * 3)) / RATE
    voice = sum(np.sin(pitch * number) / number for number in range(1, 25))
    loud = np.clip(np.sin(2 * np.pi * times * 1.3), 0, 1) ** 0.5 * (np.sin(times * 1.1) > -0.5)
    return (voice * loud * 0.1).astype(np.float32)


def level(wave: NDArray[np.float32], part: float) -> float:
    """Return how loud the moments are that are louder than ``part`` of all, in decibels."""
    moments = np.sqrt(np.mean(wave[: len(wave) // 960 * 960].reshape(-1, 960) ** 2, axis=1))
    return float(20 * np.log10(np.quantile(moments, part) + 1e-9))


def likeness(wanted: NDArray[np.float32], got: NDArray[np.float32]) -> float:
    """Return the ratio of signal to error, in decibels."""
    error = wanted - got * (wanted @ got) / (got @ got)
    return float(10 * np.log10((wanted @ wanted) / (error @ error)))


@pytest.mark.parametrize("loudness", [0.05, 0.01])
def test_noise_goes_and_speech_stays(loudness: float) -> None:
    """Hiss and hum between words are much fainter, words as loud as before and nearer to what was said."""
    said = speech()
    times = np.arange(len(said)) / RATE
    noise = np.random.default_rng(0).standard_normal(len(said)) + np.sin(2 * np.pi * 50 * times)
    noisy = (said + noise * loudness).astype(np.float32)
    made = denoised(noisy, RATE)
    assert len(made) == len(noisy)
    assert level(made, 0.08) < level(noisy, 0.08) - 12
    assert level(made, 0.85) == pytest.approx(level(said, 0.85), abs=2)
    assert likeness(said, made) > likeness(said, noisy) + 3


def test_speech_without_noise_is_left_alone() -> None:
    """What is clean already hardly changes."""
    assert likeness(speech(), denoised(speech(), RATE)) > 15


@pytest.mark.parametrize("length", [0, 1, 100, 5_000])
def test_the_length_stays(length: int) -> None:
    """Nothing, a moment and silence are no errors."""
    assert len(denoised(np.zeros(length, np.float32), RATE)) == length
    assert np.isfinite(denoised(np.ones(length, np.float32), RATE)).all()


@pytest.mark.parametrize("build", [*samples.AUDIOS, *samples.VIDEOS, lambda: samples.wav(1, 96_000, 2)])
def test_every_recording_and_sound_track_is_cleaned(build: samples.Build) -> None:
    """A wav of the same length comes back, named after the recording."""
    media = build()
    made = clean(media)
    assert (made.kind, made.mime) == (Kind.AUDIO, "audio/wav")
    assert made.name == f"{media.name.rpartition('.')[0]}-clean.wav"
    assert len(wave_of(made, RATE, Steered())) == len(wave_of(media, RATE, Steered()))


def test_long_recordings_are_compressed_with_progress_and_an_end() -> None:
    """Minutes become an mp3 of the same length; the progress grows minute by minute, a cancel stops it."""
    media = recorded(np.tile(speech(), 18), RATE, "talk")
    steer = Steered()
    made = Cleaner().run({"audio": media}, steer)["audio"]
    assert isinstance(made, Media)
    assert made.name == "talk-clean.mp3"
    assert len(wave_of(made, RATE, Steered())) / RATE == pytest.approx(144, abs=0.2)
    told = [fraction for fraction, _ in steer.progressed if fraction is not None]
    assert told == sorted(told)
    assert told[-1] == 1
    with pytest.raises(Stopped):
        Cleaner().run({"audio": media}, Steered(stop_at=steer.checks - 1))


def test_silence_stays_silent_and_what_is_no_sound_gets_a_sentence() -> None:
    """There is nothing to clean in silence; a picture and a silent film cannot be cleaned."""
    assert not np.any(wave_of(clean(samples.wav(volume=0)), RATE, Steered()))
    for media in (samples.png(), samples.mp4(silent=True), samples.wav(0)):
        with pytest.raises(BadInput, match=media.name):
            clean(media)

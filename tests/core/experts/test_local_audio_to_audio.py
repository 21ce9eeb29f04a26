from functools import cache

import numpy as np
import pytest

from core.contract import Expert, Stopped
from core.errors import BadInput, ExpertFailed
from core.executors.check import checked
from core.media.recording import recorded
from core.media.waves import phrases_of, wave_of
from core.types import Media
from tests import samples
from tests.steers import Steered
from tests.tiny.zoo import loaded, registry

TASK, MODEL = "audio-to-audio", "tiny/speecht5-voice"
pytestmark = pytest.mark.slow


@cache
def ready() -> Expert:
    """Load it once."""
    return loaded(TASK, MODEL)


def again(media: Media) -> Media:
    """Return the checked recording."""
    card = registry().card(TASK, MODEL)
    assert card is not None
    made = checked(card, ready().run({"audio": media}, Steered()))["audio"]
    assert isinstance(made, Media)
    return made


@pytest.mark.parametrize("build", [*samples.AUDIOS, *samples.VIDEOS, lambda: samples.wav(1, 96_000, 2)])
def test_every_recording_is_said_again(build: samples.Build) -> None:
    """A wav that plays comes back, named after the recording."""
    media = build()
    made = again(media)
    assert made.name == f"{media.name.rpartition('.')[0]}-voice.wav"
    assert made.mime == "audio/wav"
    assert np.abs(wave_of(made, 16_000, Steered())).max() > 0.001


def test_long_recordings_phrase_by_phrase() -> None:
    """The progress grows with the phrases, silence stays silence, and a cancelled job stops within a phrase."""
    noise = np.random.default_rng(0).standard_normal(16_000 * 10) * 0.2
    media = recorded(np.concatenate([noise, np.zeros(16_000 * 30), noise]), 16_000, "long")
    steer = Steered()
    made = ready().run({"audio": media}, steer)["audio"]
    assert isinstance(made, Media)
    told = [fraction for fraction, _ in steer.progressed if fraction is not None]
    assert told == sorted(told)
    assert told[-1] == 1
    assert len(wave_of(made, 16_000, Steered())) > 16_000 * 12
    stopping = Steered(stop_at=8)
    with pytest.raises(Stopped):
        ready().run({"audio": media}, stopping)
    assert stopping.checks == 8


def test_nothing_to_say_again() -> None:
    """Silence, a picture and an empty recording get a sentence."""
    with pytest.raises(ExpertFailed, match=r"I hear no speech in tone\.wav"):
        again(samples.wav(volume=0))
    for media in (samples.png(), samples.wav(0), samples.mp4(silent=True)):
        with pytest.raises(BadInput, match=media.name):
            again(media)


@pytest.mark.parametrize("length", [0, 1, 99, 100, 101, 5_000])
def test_cuts_lie_in_pauses(length: int) -> None:
    """Parts are no longer than asked for and hold everything; where there is a pause, the cut lies in it."""
    wave = np.arange(length, dtype=np.float32) + 1
    parts = list(phrases_of(wave, 100))
    assert sum(map(len, parts)) == length
    assert all(0 < len(part) <= 100 for part in parts)
    loud = np.ones(15_000, np.float32)
    loud[7_000:7_600] = 0
    assert 7_000 <= len(next(phrases_of(loud, 10_000))) <= 7_600

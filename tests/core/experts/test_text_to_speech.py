import io
import wave

import av
import numpy as np
import pytest

from core.contract import Stopped
from core.errors import BadInput
from core.executors.check import checked
from core.experts.text_to_speech import EspeakVoice
from core.language.speakable import LONG, LONGEST
from core.types import Kind, Media
from tests.cards import card_of
from tests.steers import Steered


@pytest.fixture(scope="module")
def voice() -> EspeakVoice:
    """Load it once."""
    expert = EspeakVoice()
    expert.load()
    return expert


def say(voice: EspeakVoice, text: str, **inputs: str | float) -> Media:
    """Return the checked recording."""
    made = checked(card_of(EspeakVoice), voice.run({"text": text, **inputs}, Steered()))["audio"]
    assert isinstance(made, Media)
    assert made.kind is Kind.AUDIO
    return made


def heard(sound: Media) -> tuple[float, float]:
    """Return its length in seconds and its loudness, from 0 to 1."""
    with av.open(io.BytesIO(sound.data), "r") as container:
        resampler = av.AudioResampler(format="flt", layout="mono", rate=22_050)
        frames = [part for frame in container.decode(audio=0) for part in resampler.resample(frame)]
    samples = np.concatenate([frame.to_ndarray().ravel() for frame in frames])
    return len(samples) / 22_050, float(np.sqrt(np.mean(samples**2)))


def test_a_wav_that_plays(voice: EspeakVoice) -> None:
    """A sentence is said in a plausible time, aloud, in a file that plain readers open."""
    sound = say(voice, "Hello, the total is 18301/102/T0305.")
    with wave.open(io.BytesIO(sound.data)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 22_050)
    seconds, loudness = heard(sound)
    assert 3 < seconds < 15
    assert loudness > 0.02
    assert (sound.mime, sound.name) == ("audio/wav", "speech.wav")


def test_more_text_takes_longer(voice: EspeakVoice) -> None:
    """Every sentence is said: the length grows with the text, and less speed with it."""
    one, four = heard(say(voice, "This is a sentence."))[0], heard(say(voice, "This is a sentence. " * 4))[0]
    assert four == pytest.approx(4 * one, rel=0.1)
    assert heard(say(voice, "This is a sentence.", speed=0.5))[0] > 1.5 * one


def test_languages(voice: EspeakVoice) -> None:
    """The voice follows the text, or what was asked for by name or code."""
    german = "Guten Morgen, wie geht es dir?"
    in_german = heard(say(voice, german))[0]
    assert in_german == pytest.approx(heard(say(voice, german, language="German"))[0], rel=0.02)
    assert in_german == pytest.approx(heard(say(voice, german, language="de"))[0], rel=0.02)
    assert in_german != pytest.approx(heard(say(voice, german, language="English"))[0], rel=0.02)
    mixed = heard(say(voice, "Good morning to you all. Привет, как дела?"))[0]
    assert mixed > heard(say(voice, "Good morning to you all."))[0] + 0.5


@pytest.mark.parametrize("language", ["Klingon", "xx", "../../etc", "a" * 10_000])
def test_no_such_voice(voice: EspeakVoice, language: str) -> None:
    """An unknown language gets a sentence that says what would work."""
    with pytest.raises(BadInput, match=r"I have no voice for .* like German"):
        say(voice, "Hello", language=language)


@pytest.mark.parametrize("text", ["", "  \n", "😀😀", "---", "\0"])
def test_nothing_to_say(voice: EspeakVoice, text: str) -> None:
    """A text without words gets a sentence."""
    with pytest.raises(BadInput, match="could be said aloud"):
        say(voice, text)


def test_too_much_to_say(voice: EspeakVoice) -> None:
    """A text over the limit is refused with the limit named."""
    with pytest.raises(BadInput, match=f"{LONGEST:,}"):
        say(voice, "word " * LONGEST)


@pytest.mark.slow
def test_long_texts_are_compressed_and_whole(voice: EspeakVoice) -> None:
    """Ten minutes of speech become an mp3 of a few megabytes, with progress to the end."""
    text = "The quick brown fox jumps over the lazy dog. " * 200
    assert len(text) > LONG
    steer = Steered()
    sound = voice.run({"text": text}, steer)["audio"]
    assert isinstance(sound, Media)
    assert sound.mime == "audio/mpeg"
    assert len(sound.data) < 4_000_000
    assert 400 < heard(sound)[0] < 900
    fractions = [fraction or 0 for fraction, _ in steer.progressed]
    assert fractions == sorted(fractions)
    assert fractions[-1] > 0.95


def test_cancelled(voice: EspeakVoice) -> None:
    """A cancelled job stops between sentences."""
    with pytest.raises(Stopped):
        voice.run({"text": "One. Two. Three."}, Steered(stop_at=2))

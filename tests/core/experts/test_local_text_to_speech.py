from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from core.contract import CPU, Expert, Stopped
from core.errors import BadInput, ExpertFailed, Unsuited
from core.executors.check import checked
from core.language.speakable import LONG
from core.media.waves import wave_of
from core.types import Media
from tests.steers import Steered
from tests.tiny.zoo import hub_cache, loaded, registry

TASK = "text-to-speech"
MODELS = ("tiny/vits", "tiny/speecht5", "tiny/speecht5-ada")
TEXT = "Hello, my name is Ada. I live in London with a black cat."
pytestmark = pytest.mark.slow


@cache
def ready(model: str) -> Expert:
    """Load each model once."""
    return loaded(TASK, model)


def say(model: str, text: str = TEXT, **inputs: str | float) -> Media:
    """Return the checked recording."""
    card = registry().card(TASK, model)
    assert card is not None
    made = checked(card, ready(model).run({"text": text, **inputs}, Steered()))["audio"]
    assert isinstance(made, Media)
    return made


def heard(sound: Media) -> NDArray[np.float32]:
    """Return its samples, 16,000 a second."""
    return wave_of(sound, 16_000, Steered())


@pytest.mark.parametrize("model", MODELS)
def test_a_short_text_is_a_wav_that_plays(model: str) -> None:
    """Something is heard, the same each time, and more of it for more sentences."""
    sound = say(model)
    assert (sound.mime, sound.name) == ("audio/wav", "speech.wav")
    assert np.abs(heard(sound)).max() > 0.001
    assert say(model).data == sound.data
    assert len(heard(say(model, TEXT * 3))) > 2 * len(heard(sound))


@pytest.mark.parametrize("model", MODELS)
def test_faster_speech_is_shorter(model: str) -> None:
    """The speed that a person asks for is heard."""
    slow, usual, fast = (len(heard(say(model, "a red ball in the garden", speed=speed))) for speed in (0.5, 1.0, 2.0))
    assert slow > usual > fast


@pytest.mark.parametrize("model", ["tiny/vits", "tiny/speecht5"])
def test_a_long_text_is_compressed_and_told_of(model: str) -> None:
    """What takes more than a minute becomes an mp3; the progress grows sentence by sentence to its end."""
    steer = Steered()
    text = "This is a rather long sentence, which is said again and again. " * 16
    assert len(text) > LONG
    sound = ready(model).run({"text": text}, steer)["audio"]
    assert isinstance(sound, Media)
    assert (sound.mime, sound.name) == ("audio/mpeg", "speech.mp3")
    told = [fraction for fraction, _ in steer.progressed if fraction is not None]
    assert len(told) == 16
    assert told == sorted(told)
    assert told[-1] > 0.98


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize(("text", "words"), [("Привет, мир", "no letter"), ("漢字", "no letter")])
def test_letters_that_a_voice_does_not_know(model: str, text: str, words: str) -> None:
    """A text of other letters gets a sentence; what is known of a mixed one is said."""
    with pytest.raises(ExpertFailed, match=words):
        say(model, text)
    assert len(heard(say(model, f"{text}. Hello."))) == pytest.approx(len(heard(say(model, "Hello."))), rel=0.05)


@pytest.mark.parametrize("model", ["tiny/vits", "tiny/speecht5"])
@pytest.mark.parametrize("text", ["", " \n", "😀", "..."])
def test_nothing_to_say(model: str, text: str) -> None:
    """A text without words gets a sentence."""
    with pytest.raises(BadInput, match="could be said aloud"):
        say(model, text)


def test_odd_texts_are_said() -> None:
    """A single letter, a word without end and a sentence without one are no errors."""
    for model in ("tiny/vits", "tiny/speecht5"):
        assert say(model, "a").data
        assert say(model, "b" * 700).data
    assert say("tiny/vits", "word " * 300).data


def english(model: str) -> Expert:
    """Return a voice of which the catalogue knows that it speaks English."""
    hub_cache(model)
    card = registry().card(TASK, model)
    assert card is not None
    made = card.make(replace(card.model, languages=("en",)), CPU)
    made.load()
    return made


@pytest.mark.parametrize("model", ["tiny/vits", "tiny/speecht5"])
def test_english_numbers_are_spelt_out(model: str) -> None:
    """A number is said as its words are, by voices that know no digits."""
    voice = english(model)
    digits, words = (
        voice.run({"text": text}, Steered())["audio"]
        for text in ("18301 trains", "eighteen thousand three hundred and one trains")
    )
    assert isinstance(digits, Media)
    assert isinstance(words, Media)
    assert digits.data == words.data


def test_a_voice_that_reads_sounds() -> None:
    """Letters become sounds first: what sounds alike is said alike, and every text is said."""
    knight, night = (
        say("tiny/vits-phonemes", "The knight has 2 dogs"),
        say("tiny/vits-phonemes", "the night has two dogs"),
    )
    assert knight.data == night.data
    assert len(heard(knight)) > len(heard(say("tiny/vits-phonemes", "dogs")))
    assert say("tiny/vits-phonemes", "Привет 漢字").data


def test_the_voice_is_that_of_the_vector() -> None:
    """Two models that differ in the vector of the speaker only sound different."""
    nobody, ada = (heard(say(model, "hello")) for model in ("tiny/speecht5", "tiny/speecht5-ada"))
    assert len(nobody) != len(ada) or np.abs(nobody - ada).max() > 0.001


def test_a_language_that_the_voice_does_not_speak() -> None:
    """A voice says what it speaks, where the catalogue knows; its own language by any name is fine."""
    voice = english("tiny/vits")
    assert voice.run({"text": "hello", "language": "English"}, Steered())["audio"]
    assert voice.run({"text": "hello", "language": "en-GB"}, Steered())["audio"]
    with pytest.raises(ExpertFailed, match="It knows: English"):
        voice.run({"text": "hallo", "language": "German"}, Steered())
    with pytest.raises(ExpertFailed, match="English"):
        voice.run({"text": "Привет"}, Steered())


@pytest.mark.parametrize(("model", "stop_at"), [("tiny/vits", 2), ("tiny/speecht5", 10)])
def test_cancelled(model: str, stop_at: int) -> None:
    """A cancelled job stops between sentences, with SpeechT5 also within one, and leaves the model usable."""
    steer = Steered(stop_at=stop_at)
    with pytest.raises(Stopped):
        ready(model).run({"text": TEXT}, steer)
    assert steer.checks == stop_at
    assert say(model).data


def test_a_voice_does_not_read_what_it_does_not_speak() -> None:
    """An English voice leaves German to another one; the person may insist by naming the language."""
    voice = loaded("text-to-speech", "tiny/vits")
    voice.model = replace(voice.model, languages=("en",))
    german = "Guten Morgen, ich hätte gern zwei Brötchen und eine Tasse Kaffee."
    with pytest.raises(Unsuited, match="German"):
        voice.run({"text": german}, Steered())
    assert voice.run({"text": german, "language": "English"}, Steered())["audio"]

import array

import pytest

from core.language.espeak import Espeak
from core.language.names import LANGUAGES


@pytest.fixture(scope="module")
def espeak() -> Espeak:
    """Load the library once."""
    return Espeak()


def test_it_speaks(espeak: Espeak) -> None:
    """A sentence becomes audible samples, a longer one more of them."""
    assert espeak.sample_rate == 22_050
    assert espeak.voice("en")
    short, long = espeak.say("Hello."), espeak.say("Hello, this is a much longer sentence.")
    assert 0.2 < len(short) / 2 / espeak.sample_rate < 2
    assert len(long) > 2 * len(short)
    assert max(array.array("h", long)) > 5_000


def test_every_language_has_a_voice(espeak: Espeak) -> None:
    """Whatever language is detected can be spoken."""
    assert [code for code in LANGUAGES if not espeak.voice(code)] == []


@pytest.mark.parametrize("tag", ["", "xx", "klingon", "../../etc/passwd", "de+f3", "en\0"])
def test_no_such_voice(espeak: Espeak, tag: str) -> None:
    """An unknown tag is refused, and paths never reach the library."""
    assert not espeak.voice(tag)


def test_speed(espeak: Espeak) -> None:
    """Twice as fast takes about half the time."""
    espeak.voice("en")
    text = "one two three four five six seven eight nine ten"
    espeak.speed(1)
    normal = len(espeak.say(text))
    espeak.speed(2)
    fast = len(espeak.say(text))
    espeak.speed(1)
    assert 0.35 < fast / normal < 0.65


def test_phonemes(espeak: Espeak) -> None:
    """Words are written as they sound, numbers as their words, and signs stay between them."""
    espeak.voice("en")
    assert espeak.phonemes("Hello, world! How are you?") == "həlˈoʊ, wˈɜːld! hˈaʊ ɑːɹ juː?"
    assert espeak.phonemes("one. 2") == "wˌʌn. tˈuː"
    assert espeak.phonemes("1,000.5, at 10:30.") == "wˈʌn θˈaʊzənd pɔɪnt fˈaɪv, æt tˈɛn θˈɜːɾi."
    assert espeak.phonemes("Line one\nline two") == "lˈaɪn wˈʌn lˈaɪn tˈuː"
    assert [espeak.phonemes(text) for text in ("", " ", "...")] == ["", "", "..."]
    espeak.voice("de")
    assert espeak.phonemes("Guten Morgen") == "ɡˈuːtən mˈɔɾɡən"
    espeak.voice("en")

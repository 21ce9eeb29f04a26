import pytest
from PIL import Image, ImageChops

from core.errors import BadInput, ExpertFailed
from core.media.fonts import written_with
from core.media.lettering import SPOTS, lettered
from tests import samples


def drawn(
    text: str, spot: str = "bottom", colour: str = "white", size: tuple[int, int] = (400, 300)
) -> tuple[int, ...]:
    """Return the box (left, top, right, bottom) in which text was drawn on blue."""
    before = Image.new("RGB", size, "blue")
    box = ImageChops.difference(before, lettered(before, text, SPOTS[spot], colour)).getbbox()
    assert box is not None
    return box


def test_spots() -> None:
    """The text sits where it was asked for, inside the picture."""
    left, top, right, bottom = drawn("I LOVE YOU", "bottom")
    assert top > 200
    assert bottom <= 300
    assert abs((left + right) / 2 - 200) < 4
    assert drawn("hi", "top")[3] < 100
    assert abs(sum(drawn("hi", "center")[1::2]) / 2 - 150) < 4
    assert drawn("hi", "top-left")[0] < 20
    assert drawn("hi", "bottom-right")[2] > 380


def test_long_texts_are_wrapped_and_shrunk() -> None:
    """Sixty words fit into a small picture, within its borders."""
    left, top, right, bottom = drawn("Zwölf Boxkämpfer jagen Viktor quer über den Sylter Deich. " * 6, "center")
    assert left > 0
    assert top > 0
    assert right < 400
    assert bottom < 300


def test_own_line_breaks_are_kept() -> None:
    """Two lines are higher than one."""
    one, two = drawn("Line one"), drawn("Line one\nLine two")
    assert two[3] - two[1] > 1.5 * (one[3] - one[1])


@pytest.mark.parametrize(
    "text", ["Привет мир", "Καλημέρα", "नमस्ते दुनिया", "நான் உன்னை காதலிக்கிறேன்", "Zażółć – «é»", "100 % €"]
)
def test_scripts(text: str) -> None:
    """Cyrillic, Greek, Devanagari, Tamil and accents are drawn, as the fonts that come along have them."""
    assert "fontpkg" in written_with(text)[0]
    assert drawn(text)[2] > 100


def test_long_words_are_broken_before_they_become_tiny() -> None:
    """An address without blanks is written in several lines of legible letters; shorter words stay whole."""
    left, top, right, bottom = drawn(
        "https://example.org/a/very/long/path/that/never/ends/and/has/no/blanks?query=string"
    )
    assert bottom - top > 35
    assert (left, right) > (0, 200)
    assert right < 400
    one, two = drawn("Donaudampfschifffahrtskapitän"), drawn("Donaudampf schifffahrtskapitän")
    assert two[3] - two[1] > 1.5 * (one[3] - one[1])


def test_tabs_and_fancy_letters() -> None:
    """A tab is a gap and no box; letters that only mathematicians' fonts have are written in plain ones."""
    assert drawn("a\tb") == drawn("a   b")
    assert written_with("𝓗𝓮𝓵𝓵𝓸 Ｗｉｄｅ")[1] == "Hello Wide"


@pytest.fixture
def no_machine_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Be on a fresh machine, with the fonts that come along and no others."""
    monkeypatch.setenv("PATH", "")


@pytest.mark.usefixtures("no_machine_fonts")
def test_a_script_without_a_font_is_a_sentence() -> None:
    """Letters that no font has are named instead of drawn as boxes."""
    with pytest.raises(ExpertFailed, match="日 本"):
        written_with("hello 日本")


@pytest.mark.usefixtures("no_machine_fonts")
def test_emoji_without_a_font_are_left_out() -> None:
    """Emoji do not stop the words beside them; alone they are nothing to write."""
    assert written_with("I love you 😀!\x07")[1] == "I love you !"
    assert drawn("happy 🎂") == drawn("happy")
    with pytest.raises(BadInput, match="no text"):
        drawn("😀 🎉")


def test_colours() -> None:
    """Names and codes work, in two words as well; what is no colour is named. Letters have an outline."""
    for colour, pixel in (("red", (255, 0, 0)), ("dark green", (0, 100, 0)), ("#ff8800", (255, 136, 0))):
        image = lettered(Image.new("RGB", (400, 300), "blue"), "HHH", SPOTS["center"], colour)
        found = {value for _, value in image.getcolors(100_000) or []}
        assert pixel in found
        assert found & {(0, 0, 0), (255, 255, 255)}
    with pytest.raises(BadInput, match="blurple"):
        drawn("hi", colour="blurple")


def test_too_small_and_too_much_are_sentences() -> None:
    """A picture of a few pixels, and a novel, are refused with words."""
    with pytest.raises(BadInput, match="1 x 1 pixels is too small"):
        drawn("I LOVE YOU", size=(1, 1))
    with pytest.raises(BadInput, match="too much text"):
        drawn("x " * 1000)


def test_the_picture_given_stays_as_it_is() -> None:
    """Drawing makes a new picture."""
    photo = samples.photo(200, 100)
    lettered(photo, "hi", SPOTS["center"], "white")
    assert ImageChops.difference(photo, samples.photo(200, 100)).getbbox() is None

from core.reading.line import Box, Line
from core.reading.wording import words_of


def test_words_have_places_in_thousandths_of_the_page() -> None:
    """Lines are taken apart at blanks; a word takes as much of its line as it has letters."""
    lines = [Line("TOTAL: 12.50", 1.0, Box(100, 100, 340, 120)), Line("Invoice", 1.0, Box(100, 40, 200, 60))]
    words = words_of(lines)
    assert [word.text for word in words] == ["Invoice", "TOTAL:", "12.50"]
    total, amount = words[1], words[2]
    assert total.box[0] == round(100 / 440 * 1000)
    assert total.box[2] < amount.box[0] < amount.box[2] <= 1000
    assert amount.line is lines[0]


def test_repeated_words_stand_one_after_the_other() -> None:
    """The second of two equal words lies to the right of the first."""
    first, second = words_of([Line("ha ha", 1.0, Box(0, 0, 50, 10))])
    assert first.box[2] <= second.box[0]


def test_no_lines_no_words() -> None:
    """An empty page has none."""
    assert words_of([]) == []

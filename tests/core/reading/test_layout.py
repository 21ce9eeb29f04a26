from hypothesis import given
from hypothesis import strategies as st

from core.reading.layout import rows, text_of
from core.reading.line import Box, Line
from tests.core.reading.papers import laid_out

COLUMNS = """\
      A heading that goes over the whole width of the page
The left column begins here       The right column has its own
and it goes on for a while        words, which must not be read
until it ends at this point.      in between those of the left."""
TABLE = """\
Consulting             1,200.00
Travel                    34.50
Total                  1,234.50"""


def test_columns_are_read_one_after_the_other() -> None:
    """Prose in two columns below a heading is not mixed."""
    text = " ".join(text_of(laid_out(COLUMNS)).split())
    assert text.startswith("A heading")
    assert "begins here and it goes on for a while until it ends at this point. The right column" in text


def test_tables_are_read_row_by_row() -> None:
    """What stands beside each other in a table stays together."""
    assert text_of(laid_out(TABLE)).splitlines() == ["Consulting 1,200.00", "Travel 34.50", "Total 1,234.50"]


def test_paragraphs_and_pages() -> None:
    """A gap between lines is an empty line, and so is a new page."""
    first = laid_out("One\ntwo\n\n\nthree")
    second = [Line("four", 1.0, Box(0, 0, 40, 20), page=2)]
    assert text_of([*second, *first]) == "One\ntwo\n\nthree\n\nfour"
    assert text_of([]) == ""


def test_lines_that_are_a_bit_askew() -> None:
    """Pieces of a line need not stand at exactly the same height."""
    askew = [Line("right", 1.0, Box(200, 12, 260, 32)), Line("left", 1.0, Box(0, 5, 60, 25))]
    assert [[line.text for line in row] for row in rows(askew)] == [["left", "right"]]


boxes = st.builds(
    lambda x, y, w, h: Box(x, y, x + w, y + h),
    *(st.integers(0, 900) for _ in range(2)),
    *(st.integers(1, 300) for _ in range(2)),
)


@given(st.lists(st.builds(Line, st.just("some words of a line"), st.just(1.0), boxes), max_size=25))
def test_every_line_is_read_once(lines: list[Line]) -> None:
    """However lines lie, none is lost and none is read twice."""
    read = [line for row in rows(lines) for line in row]
    assert sorted(map(id, read)) == sorted(map(id, lines))

import pytest

from core.errors import BadInput
from core.language.sheets import CELLS, aggregated, number_in, table_of
from core.types import Json, Kind
from tests import samples


@pytest.mark.parametrize(
    "given",
    [
        "city,people\nParis,2100\nBerlin,",
        "city\tpeople\r\nParis\t2100\r\n\r\nBerlin\t\r\n",
        "sep=;\r\ncity;people\r\nParis;2100\r\nBerlin;\r\n",
        "| city | people |\n|------|-------:|\n| Paris | 2100 |\n| Berlin | |",
        [{"city": "Paris", "people": 2100}, {"city": "Berlin", "people": None}],
        [["city", "people"], ["Paris", 2100], ["Berlin"]],
    ],
)
def test_one_table_in_many_forms(given: Json) -> None:
    """Text with any mark between the cells, Markdown, rows by name and rows of cells are the same table."""
    table = table_of(given)
    assert list(table.columns) == ["city", "people"]
    assert [list(row) for row in table.rows] == [["Paris", "2100"], ["Berlin", ""]]
    assert list(table.sentences()) == ["city: Paris; people: 2100", "city: Berlin"]


def test_a_cell_of_several_lines() -> None:
    """What stands between quotation marks is one cell, however many lines it has."""
    assert [list(row) for row in table_of('a,b\n"two\nlines",3').rows] == [["two lines", "3"]]


@pytest.mark.parametrize("given", ["", "hello", "a,b", [], [{}], "a\n" + "1\n" * (CELLS + 1), 'a\n"' + "x" * 200_000])
def test_no_table(given: Json) -> None:
    """What is no table, or too large a one, gets a sentence."""
    with pytest.raises(BadInput, match="table"):
        table_of(given)


def test_a_picture() -> None:
    """A picture gets the sentence that it has to be read first."""
    with pytest.raises(BadInput, match="read the picture"):
        table_of(samples.media(b"", Kind.IMAGE, "image/png", "table.png"))


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        *(("$1,200.50", 1200.5), ("12 %", 12), ("-3", -3), ("1 or 2", None), ("none", None), ("", None)),
        *(("1.234,50 €", 1234.5), ("-3,5", -3.5), ("12,5 %", 12.5), ("1 234,56", 1234.56), ("1,234", 1234)),
        *(("1,2,3", None), ("10-20", None)),
    ],
)
def test_numbers(cell: str, number: float | None) -> None:
    """A cell holds a number if it holds one only."""
    assert number_in(cell) == number


@pytest.mark.parametrize(
    ("way", "answer"), [("NONE", "1,000, 2.5"), ("SUM", "1002.5"), ("AVERAGE", "501.25"), ("COUNT", "2")]
)
def test_answers_that_are_reckoned(way: str, answer: str) -> None:
    """Cells are added, averaged, counted or named, as the model says."""
    assert aggregated(["1,000", "2.5"], way) == answer


def test_words_cannot_be_added() -> None:
    """Where cells are no numbers, the sum of them is their list."""
    assert aggregated(["Paris", "2", "Paris"], "SUM") == "Paris, 2"

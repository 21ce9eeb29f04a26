"""Tables are read as people send them."""

from __future__ import annotations

import pytest

from core.errors import BadInput
from core.language.tables import MOST, columns_of
from core.types import Json


@pytest.mark.parametrize(
    "table",
    [
        "name,age\nAda,36\nBob,",
        "\ufeffname;age\r\nAda;36\r\nBob\r\n\r\n",
        "name\tage\nAda\t36\nBob\t",
        [{"name": "Ada", "age": 36}, {"name": "Bob", "age": None}],
        [["name", "age"], ["Ada", 36], ["Bob"]],
    ],
)
def test_tables_are_read_whatever_divides_them(table: str | list[Json]) -> None:
    """Commas, semicolons, tabs, rows of other tasks; what a line lacks is empty."""
    assert columns_of(table) == {"name": ["Ada", "Bob"], "age": ["36", ""]}


def test_a_cell_may_hold_what_divides_cells() -> None:
    """Quotes are understood."""
    assert columns_of('a,b\n"1,5",2') == {"a": ["1,5"], "b": ["2"]}


def test_columns_without_a_name_of_their_own_get_one() -> None:
    """None is lost."""
    assert columns_of("a,a,\n1,2,3") == {"a": ["1"], "a 2": ["2"], "column 3": ["3"]}


@pytest.mark.parametrize(
    "table", ["", "no table", "only,names", ",\n1,2", "a\n" + "1\n" * (MOST + 1), "a\n" + "x" * 200_000, []]
)
def test_what_is_no_table_gives_a_sentence(table: str | list[Json]) -> None:
    """Also what is too large, or has a cell longer than the reader takes."""
    with pytest.raises(BadInput, match="table"):
        columns_of(table)

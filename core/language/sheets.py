"""Tables as they come: rows by name, rows of cells, or text with commas, tabs or bars between the cells."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from core.errors import BadInput
from core.types import Media

CELLS = 50_000
CELL = 500  # characters of a cell; the rest is left out
_RULE = re.compile(r"^[\s|:+-]*-[\s|:+-]*$", re.MULTILINE)  # between the head and the rows of a table in Markdown
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_COMMA = re.compile(r"[^\d-]*(-?\d+|-?\d{1,3}(?:[.'’\s]\d{3})+),(\d\d?)[^\d]*")  # as most of Europe writes numbers
_APART = re.compile(r"[.'’\s]")
_MARK = re.compile(r"sep=([;,\t|])\s*")  # the first line of what Excel saves, for itself


@dataclass(frozen=True, slots=True)
class Table:
    """Names of columns, and rows of as many cells, all of them text."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]

    def sentences(self) -> Iterator[str]:
        """Yield each row in words."""
        for row in self.rows:
            pairs = zip(self.columns, row, strict=True)
            yield "; ".join(f"{column}: {cell}" for column, cell in pairs if cell) or "an empty row"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with how likely it belongs to the answer, and the number of what to do with it."""

    row: int
    column: int
    score: float
    way: int


def table_of(given: Any) -> Table:
    """Return the table that was given. Raises BadInput where there is none."""
    if isinstance(given, Media) or (isinstance(given, list) and any(isinstance(part, Media) for part in given)):
        raise BadInput("I work on tables that are text. Ask me to read the picture first, or send the table as CSV.")
    table = _parsed(given) if isinstance(given, str) else _listed(given)
    if not table.rows:
        raise BadInput("I need a table with a line of names and at least one row below it, for example as CSV.")
    if len(table.rows) * len(table.columns) > CELLS:
        raise BadInput(f"This table has more than {CELLS:,} cells. Send me a part of it.")
    return table


def aggregated(cells: Sequence[str], way: str) -> str:
    """Return the answer that cells make: "SUM", "AVERAGE" or "COUNT" of them, else the cells themselves."""
    if way == "COUNT":
        return str(len(cells))
    numbers = [number for cell in cells if (number := number_in(cell)) is not None]
    if way in ("SUM", "AVERAGE") and len(numbers) == len(cells):
        whole = sum(numbers) / (len(numbers) if way == "AVERAGE" else 1)
        return f"{whole:.10g}"
    return ", ".join(dict.fromkeys(cells))


def number_in(cell: str) -> float | None:
    """Return the number that a cell holds: "$1,200.50", "1.200,50 €", "12 %"; None if it holds none, or several."""
    comma = _COMMA.fullmatch(cell)
    cell = f"{re.sub(_APART, '', comma[1])}.{comma[2]}" if comma else cell
    found = _NUMBER.findall(re.sub(r"(?<=\d)[,'’ ](?=\d{3}\b)", "", cell))
    return float(found[0]) if len(found) == 1 else None


def _parsed(text: str) -> Table:
    lines = [line for line in _RULE.sub("", text.removeprefix("\ufeff")).splitlines() if line.strip()]
    told = _MARK.fullmatch(lines[0]) if lines else None
    lines = lines[1:] if told else lines
    mark = told[1] if told else max("\t;|,", key=(lines[0] if lines else "").count)
    try:
        rows = list(csv.reader((f"{line}\n" for line in lines), delimiter=mark, skipinitialspace=True))
    except csv.Error:
        raise BadInput("This table has a cell that is too long, or a quotation mark that is never closed.") from None
    if mark == "|":
        rows = [row[1:-1] if line.strip().startswith("|") else row for row, line in zip(rows, lines, strict=False)]
    return _made(rows[0], rows[1:]) if rows else Table((), ())


def _listed(given: Any) -> Table:
    rows = given if isinstance(given, list) else [given]
    if rows and all(isinstance(row, dict) for row in rows):
        names = list(dict.fromkeys(name for row in rows for name in row))
        return _made(names, [[row.get(name, "") for name in names] for row in rows])
    if rows and all(isinstance(row, list) for row in rows):
        return _made(rows[0], rows[1:])
    return _parsed("\n".join(map(str, rows)))


def _made(names: Sequence[Any], rows: Sequence[Sequence[Any]]) -> Table:
    columns = _named(list(map(_text, names)))
    filled = [[*map(_text, row[: len(columns)]), *[""] * (len(columns) - len(row))] for row in rows]
    return Table(columns, [row for row in filled if any(row)] if any(map(_text, names)) else [])


def _named(names: Sequence[str]) -> list[str]:
    """Return names that tell columns apart."""
    found: list[str] = []
    for number, name in enumerate(names, start=1):
        again = found.count(name) + sum(
            other.startswith(f"{name} ") and other[len(name) + 1 :].isdigit() for other in found
        )
        found.append(f"column {number}" if not name else f"{name} {again + 1}" if name in found else name)
    return found


def _text(value: Any) -> str:
    return "" if value is None else " ".join(str(value)[:CELL].split())

"""A table in letters of one width, for places that know no tables."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

GAP = "  "
"""Between two columns."""


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Return rows as lines with the columns below each other and a rule below the first; rows may end early."""
    columns = max(map(len, rows))
    filled = [[*row, *[""] * (columns - len(row))] for row in rows]
    wide = [max(cell_len(row[column]) for row in filled) for column in range(columns)]
    lines = [GAP.join(_padded(cell, width) for cell, width in zip(row, wide, strict=True)).rstrip() for row in filled]
    lines.insert(1, GAP.join("─" * width for width in wide))
    return "\n".join(lines)


def _padded(cell: str, width: int) -> str:
    """Return a cell that is so wide on the screen, where some letters take two columns."""
    return cell + " " * (width - cell_len(cell))

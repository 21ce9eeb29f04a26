"""Tables by their columns, as hosted inference wants them."""

from __future__ import annotations

from typing import Any

from core.errors import BadInput
from core.language.sheets import table_of

MOST = 10_000  # rows


def columns_of(given: Any) -> dict[str, list[str]]:
    """Return the cells of each column, from the top. Raises BadInput where there is no table, or too large a one."""
    table = table_of(given)
    if len(table.rows) > MOST:
        raise BadInput(f"I read tables of up to {MOST:,} rows; this table has {len(table.rows):,}.")
    return {name: [row[number] for row in table.rows] for number, name in enumerate(table.columns)}

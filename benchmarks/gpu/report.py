"""What was measured, as a table."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Row:
    """One line of the table."""

    part: str
    what: str
    value: float | str
    unit: str = ""
    wanted: str = ""

    def cells(self) -> tuple[str, ...]:
        """Return the line's text."""
        value = self.value if isinstance(self.value, str) else f"{self.value:.3f}"
        return self.part, self.what, value, self.unit, self.wanted


@dataclass(slots=True)
class Report:
    """All that was measured."""

    facts: dict[str, Any]
    rows: list[Row] = field(default_factory=list)

    def add(self, part: str, what: str, value: float | str, unit: str = "", wanted: str = "") -> None:
        """Take a line."""
        self.rows.append(Row(part, what, value, unit, wanted))

    def table(self, part: str = "") -> str:
        """Return the lines of a part, or all, as a table in Markdown."""
        head = ("part", "what", "value", "unit", "wanted")
        cells = [head, ("---",) * 5, *(row.cells() for row in self.rows if part in ("", row.part))]
        return "\n".join(f"| {' | '.join(line)} |" for line in cells)

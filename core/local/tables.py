"""Tables for TAPAS: a question and as many rows as the model reads at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.errors import BadInput
from core.language.sheets import Table
from core.local.batching import padded

if TYPE_CHECKING:
    import torch

ROWS = 64  # of a sheet: such models know no tables with more
COLUMN, ROW = 1, 2  # where the types of a token hold them, both counted from 1


@dataclass(frozen=True, slots=True)
class Sheet:
    """A question and some rows as tokens; ``first`` is the number of the first row in the whole table."""

    ids: Sequence[int]
    types: Sequence[Sequence[int]]  # seven of each token
    first: int

    def cells(self, chances: Sequence[float]) -> dict[tuple[int, int], float]:
        """Return the chance of each cell (row and column of the whole table): the mean of its tokens."""
        held: dict[tuple[int, int], list[float]] = {}
        for kinds, chance in zip(self.types, chances, strict=False):
            if kinds[0] and kinds[COLUMN] and kinds[ROW]:
                held.setdefault((self.first + kinds[ROW] - 1, kinds[COLUMN] - 1), []).append(chance)
        return {place: sum(values) / len(values) for place, values in held.items()}


class Pages:
    """Parts tables into sheets of at most ``limit`` tokens."""

    def __init__(self, tokenizer: Any, limit: int) -> None:
        self._tokenizer, self._limit = tokenizer, limit

    def of(self, table: Table, question: str) -> list[Sheet]:
        """Return the sheets of a table. Raises BadInput where question and names leave no room for a row."""
        import pandas as pd  # type: ignore[import-untyped]

        sheets = []
        for first, rows in self._parted(table, question):
            frame = pd.DataFrame(rows, columns=list(range(len(table.columns))), dtype=str)
            frame.columns = pd.Index([str(name) for name in table.columns])
            encoded = self._tokenizer(table=frame, queries=question, truncation=False, padding=False)
            sheets.append(Sheet(encoded["input_ids"], encoded["token_type_ids"], first))
        return sheets

    def collated(self, sheets: Sequence[Sheet], device: str) -> dict[str, torch.Tensor]:
        """Return sheets as the model's input: token numbers and mask (sheets, tokens), types (sheets, tokens, 7)."""
        import torch

        values = {
            "input_ids": padded([sheet.ids for sheet in sheets], self._tokenizer.pad_token_id),
            "attention_mask": padded([[1] * len(sheet.ids) for sheet in sheets], 0),
            "token_type_ids": padded([sheet.types for sheet in sheets], [0] * 7),
        }
        return {name: torch.tensor(value, dtype=torch.long, device=device) for name, value in values.items()}

    def _parted(self, table: Table, question: str) -> Iterator[tuple[int, list[Sequence[str]]]]:
        """Yield the number of the first row and the rows of each sheet."""
        room = self._limit - sum(map(self._length, [question, *table.columns])) - 2
        first, rows, left = 0, list[Sequence[str]](), room
        for number, row in enumerate(table.rows):
            taken = sum(map(self._length, row))
            if taken > room:
                raise BadInput(
                    "This table is too wide for this model: a question, the names and a row must fit at once."
                )
            if rows and (taken > left or len(rows) == ROWS):
                yield first, rows
                first, rows, left = number, [], room
            rows.append(row)
            left -= taken
        yield first, rows

    def _length(self, text: str) -> int:
        return max(1, len(self._tokenizer.tokenize(text)))  # an empty cell is a token too

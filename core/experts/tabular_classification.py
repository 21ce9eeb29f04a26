"""tabular-classification: sorts the rows of a table into classes, or answers a question about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from core.contract import Fit, Give, Inputs, Model, Outputs, Take, TaskType, local
from core.errors import BadInput, ExpertFailed
from core.language.labels import choices
from core.language.sheets import Cell, Table, aggregated, table_of
from core.local.batching import PiecewiseExpert
from core.local.generation import reads
from core.local.inference import Inference
from core.local.tables import Pages, Sheet
from core.local.windows import Window
from core.types import Json, Kind

TYPE = TaskType(
    name="tabular-classification",
    summary="Classify the rows of a table, or answer a question about a table.",
    takes=(
        Take(
            name="table",
            kinds=(Kind.TABLE, Kind.TEXT, Kind.IMAGE),
            about="the table: rows, CSV text or a picture of it",
        ),
        Take(name="question", kinds=(Kind.TEXT,), about="what to find out about it", required=False),
        Take(
            name="labels",
            kinds=(Kind.TEXT,),
            about="the classes to sort the rows into",
            required=False,
            many=True,
        ),
    ),
    gives=(
        Give(name="label", kind=Kind.TEXT, about="the most frequent label, or the answer"),
        Give(
            name="scores",
            kind=Kind.TABLE,
            about="label, score from 0 to 1, row: the label of each row in order, or the cells that answer, best first",
        ),
    ),
    examples=("Which class does each row of this table belong to?",),
)

ROWS = 200  # that are sorted one by one
SELECTED = 0.5  # probability from which a cell belongs to the answer
LIKELY = 0.1  # of the only cell, where none reaches that


@local(TYPE)
class TableReader(PiecewiseExpert[Sheet, tuple[dict[tuple[int, int], float], int]]):
    """TAPAS: points at the cells that answer a question, and tells whether to add, average or count them."""

    needs = (*PiecewiseExpert.needs, "pandas")

    @classmethod
    def fit(cls, model: Model, args: Mapping[str, Any]) -> Fit:
        return Fit.SOME if args.get("question") else Fit.NONE

    def load(self) -> None:
        from transformers import AutoModelForTableQuestionAnswering, TapasTokenizer

        tokenizer = TapasTokenizer.from_pretrained(self.folder)
        made = AutoModelForTableQuestionAnswering.from_pretrained(self.folder, dtype=self.dtype)
        self.network = self.placed(made)
        self._pages = Pages(tokenizer, reads(self.network, tokenizer))
        labels = getattr(self.network.config, "aggregation_labels", None) or {}
        self._ways = {int(number): str(name) for number, name in labels.items()}

    def pieces(self, inputs: Inputs) -> Sequence[Sheet]:
        question = " ".join((inputs.get("question") or "").split())
        if not any(map(str.isalnum, question)):
            raise BadInput("This model answers questions about a table. Tell me what you would like to know.")
        return self._pages.of(table_of(inputs["table"]), question)

    def weight(self, piece: Sheet) -> int:
        return len(piece.ids)

    def forward(self, pieces: Sequence[Sheet]) -> Sequence[tuple[dict[tuple[int, int], float], int]]:
        """Return the probability of each cell (row, column) of each sheet, and the number of the aggregation."""
        read = self.network(**self._pages.collated(pieces, self.device))
        chances = read.logits.float().sigmoid().tolist()
        ways = [0] * len(pieces) if read.logits_aggregation is None else read.logits_aggregation.argmax(-1).tolist()
        return [(piece.cells(row), way) for piece, row, way in zip(pieces, chances, ways, strict=True)]

    def outputs(
        self,
        inputs: Inputs,
        pieces: Sequence[Sheet],
        found: Sequence[tuple[dict[tuple[int, int], float], int]],
    ) -> Outputs:
        table = table_of(inputs["table"])
        cells = [Cell(*place, score, way) for chances, way in found for place, score in chances.items()]
        chosen = _chosen(cells)
        if not chosen:
            raise ExpertFailed("I found no answer to this question in the table.")
        texts = [table.rows[cell.row][cell.column] for cell in sorted(chosen, key=lambda cell: (cell.row, cell.column))]
        rows: list[Json] = [_row(table, cell) for cell in chosen]
        return {"label": aggregated(texts, self._ways.get(chosen[0].way, "NONE")), "scores": rows}


@local(TYPE, "nli")
class RowSorter(Inference):
    """Asks a model, for each row and label, whether “This example is …” follows from the row."""

    @classmethod
    def fit(cls, model: Model, args: Mapping[str, Any]) -> Fit:
        return Fit.SOME if args.get("labels") else Fit.NONE

    def pieces(self, inputs: Inputs) -> Sequence[Window]:
        table, labels = table_of(inputs["table"]), _labels(inputs)
        if len(table.rows) > ROWS:
            raise BadInput(f"I sort up to {ROWS} rows one by one; this table has {len(table.rows):,}.")
        return [
            window
            for number, text in enumerate(table.sentences())
            for window in self.asked(text, labels, first=number * len(labels))
        ]

    def outputs(self, inputs: Inputs, pieces: Sequence[Window], found: Sequence[tuple[float, float]]) -> Outputs:
        table, labels = table_of(inputs["table"]), _labels(inputs)
        rows: list[Json] = []
        best: list[str] = []
        for number in range(len(table.rows)):
            own = [pair for pair in zip(pieces, found, strict=True) if pair[0].of // len(labels) == number]
            scores = self.shares([piece for piece, _ in own], [said for _, said in own], len(labels))
            best.append(labels[scores.index(max(scores))])
            rows.append({"label": best[-1], "score": round(max(scores), 4), "row": number + 1})
        return {"label": Counter(best).most_common(1)[0][0], "scores": rows}


def _labels(inputs: Inputs) -> tuple[str, ...]:
    given = inputs.get("labels")
    if not given:
        raise BadInput("Tell me the classes to sort the rows into, like “cheap, expensive”.")
    return choices(given)


def _chosen(cells: Sequence[Cell]) -> list[Cell]:
    """Return the cells that answer, best first."""
    ordered = sorted(cells, key=lambda cell: -cell.score)
    return [cell for cell in ordered if cell.score >= SELECTED] or [c for c in ordered[:1] if c.score >= LIKELY]


def _row(table: Table, cell: Cell) -> dict[str, Json]:
    text = table.rows[cell.row][cell.column]
    return {"label": text, "score": round(cell.score, 4), "row": cell.row + 1, "column": table.columns[cell.column]}

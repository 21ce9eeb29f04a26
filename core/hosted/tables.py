"""Experts that ask about tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from core.contract import Fit, Inputs, Model, Outputs, Steer, hosted
from core.errors import BadInput, ExpertFailed
from core.experts import tabular_classification
from core.hosted.expert import HostedExpert
from core.language.tables import columns_of
from core.media.scores import scored
from core.types import Json

if TYPE_CHECKING:
    from core.remote.attempts import Ask
    from core.remote.client import Client


ANSWERS = "transformers"
"""The library of models that answer questions about tables; those that sort rows come with another one."""


@hosted(tabular_classification.TYPE)
class HostedTableReader(HostedExpert):
    """Answers a question about a table, or sorts its rows, whichever the model is made for."""

    tasks: ClassVar[tuple[str, ...]] = ("table-question-answering", "tabular-classification")

    @classmethod
    def fit(cls, model: Model, args: Mapping[str, Any]) -> Fit:
        """Tell what a model would refuse: labels of ours, for it has its own; no question, where it answers those."""
        if args.get("labels"):
            return Fit.NONE
        return Fit.SOME if args.get("question") or model.library != ANSWERS else Fit.NONE

    def asking(self, inputs: Inputs, steer: Steer) -> Ask:
        given, question = inputs["table"], " ".join((inputs.get("question") or "").split())
        if not isinstance(given, str | list):
            raise BadInput("I need the table as text: rows with commas between the cells.")
        columns: dict[str, Any] = columns_of(given)

        async def ask(client: Client) -> Outputs:
            if client.route.task == "tabular-classification":
                return _sorted(await client.hub.tabular_classification(columns))
            if not question:
                raise ExpertFailed(f"“{self.model.id}” answers questions about tables. What do you want to know?")
            found = await client.hub.table_question_answering(columns, question)
            cells: list[Json] = [{"label": str(cell), "score": 1.0} for cell in found.cells or ()]
            return {"label": _answer(found.answer, found.aggregator, found.cells or []), "scores": cells}

        return ask


def _sorted(labels: Sequence[Any]) -> Outputs:
    """Return the label of most rows, and the share of rows that each label has."""
    names = [str(label) for label in labels]
    counts = Counter(names)
    return scored(list(counts), [count / len(names) for count in counts.values()], most=None)


def _answer(answer: str, aggregator: str | None, cells: Sequence[str]) -> str:
    """Return an answer; where the model says only how cells become one, reckon."""
    if not aggregator or aggregator == "NONE":
        return answer
    if aggregator == "COUNT":
        return str(len(cells))
    try:
        numbers = [float(cell.replace(",", "")) for cell in cells]
    except ValueError:
        return answer
    whole = sum(numbers) / (len(numbers) if aggregator == "AVERAGE" else 1)
    return f"{whole:.10g}"

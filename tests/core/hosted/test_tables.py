"""Tables that hosted inference is asked about."""

from __future__ import annotations

from typing import Any

import pytest

from core.contract import Fit, Model
from core.errors import BadInput, ExpertFailed
from core.hosted.tables import HostedTableReader
from tests.core.hosted.far import Far

pytestmark = pytest.mark.anyio

TABLE = "name,age\nAda,36\nBob,7"


async def test_a_question_is_answered_from_a_table(there: Far) -> None:
    """What a model says only in cells, and how they become one, is reckoned."""
    asked: dict[str, Any] = {"table": TABLE, "question": "How many are there?"}
    outputs: Any = await there.run("tabular-classification", "far/table-question-answering", asked)
    assert outputs["label"] == "2"
    (question,) = there.router.questions()
    assert question.json["inputs"] == {
        "query": "How many are there?",
        "table": {"name": ["Ada", "Bob"], "age": ["36", "7"]},
    }


async def test_the_rows_of_a_table_are_sorted(there: Far) -> None:
    """The label of most rows is the answer, and each label has its share."""
    outputs: Any = await there.run("tabular-classification", "far/tabular-classification", {"table": TABLE})
    assert outputs["label"] == "yes"
    assert outputs["scores"] == [{"label": "yes", "score": 0.5}, {"label": "no", "score": 0.5}]


async def test_what_cannot_be_asked_about_a_table_is_a_sentence(there: Far) -> None:
    """Nobody far away hears of it."""
    with pytest.raises(BadInput, match="table"):
        await there.run(
            "tabular-classification", "far/table-question-answering", {"table": "no table", "question": "?"}
        )
    with pytest.raises(ExpertFailed, match="What do you want to know"):
        await there.run("tabular-classification", "far/table-question-answering", {"table": TABLE})
    assert not there.router.questions()


@pytest.mark.parametrize(
    ("library", "args", "fit"),
    [
        ("transformers", {"question": "How many?"}, Fit.SOME),
        ("transformers", {}, Fit.NONE),
        ("sklearn", {}, Fit.SOME),
        ("", {}, Fit.SOME),
        ("sklearn", {"labels": ("good", "bad")}, Fit.NONE),
    ],
)
async def test_what_a_model_would_refuse_is_known_beforehand(library: str, args: dict[str, Any], fit: Fit) -> None:
    """Models that answer want a question, those that sort have labels of their own."""
    assert HostedTableReader.fit(Model(id="m", library=library), args) is fit

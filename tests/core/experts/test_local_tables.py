from typing import Any

import pytest

from core.contract import Stopped
from core.errors import BadInput, JarvisError
from tests.steers import Steered
from tests.tiny.zoo import loaded

pytestmark = pytest.mark.slow

ROWS: list[Any] = [
    {"city": "Paris", "people": "2,100"},
    {"city": "Berlin", "people": "3,600"},
    {"city": "London", "people": "9,000"},
]
QUESTION = "how many people live in the city"


@pytest.fixture(scope="module")
def reader() -> Any:
    """Return TAPAS."""
    return loaded("tabular-classification", "tiny/tapas")


@pytest.fixture(scope="module")
def sorter() -> Any:
    """Return what sorts rows."""
    return loaded("tabular-classification", "tiny/bert-nli")


def test_answers_are_cells(reader: Any) -> None:
    """The cells that answer are cells of the table, with their row and column, the likeliest first."""
    outputs = reader.run({"table": ROWS, "question": QUESTION}, Steered())
    assert outputs["label"]
    assert all(ROWS[row["row"] - 1][row["column"]] == row["label"] for row in outputs["scores"])
    scores = [row["score"] for row in outputs["scores"]]
    assert scores == sorted(scores, reverse=True)


def test_the_cell_that_the_model_points_at(reader: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A long table is read in sheets; the row number of a cell is the one in the whole table, and sums are reckoned."""
    table = [{"name": f"town {number}", "people": str(number % 100)} for number in range(1, 201)]
    plain = reader.network.forward

    def pointing(**inputs: Any) -> Any:
        """Say that the answer is the sum of all cells that hold the token "7"."""
        read = plain(**inputs)
        seven = reader._pages._tokenizer.convert_tokens_to_ids("7")
        read.logits = (inputs["input_ids"] == seven) * 20.0 - 10.0
        read.logits_aggregation[:] = 0
        read.logits_aggregation[:, 1] = 1
        return read

    monkeypatch.setattr(reader.network, "forward", pointing)
    steer = Steered()
    outputs = reader.run({"table": table, "question": QUESTION}, steer)
    chosen = {(row["row"], row["column"]) for row in outputs["scores"]}
    assert chosen == {(7, "people"), (107, "people")}
    assert outputs["label"] == "14"


def test_batch_equals_single(reader: Any) -> None:
    """Questions about several tables are answered together as alone; one without a question gets its sentence."""
    jobs: list[Any] = [
        {"table": ROWS, "question": QUESTION},
        {"table": ROWS},
        {"table": "a,b\n1,2\n", "question": "what is b"},
        {"table": ROWS * 30, "question": QUESTION},
    ]
    together = reader.run_batch([(job, Steered()) for job in jobs])
    assert isinstance(together[1], BadInput)
    for number in (0, 2, 3):
        assert together[number] == reader.run(jobs[number], Steered())


@pytest.mark.parametrize("table", ["", "hello", "x" * 100_000, "a,b\n" * 200, "a;" * 500 + "\n" + "b;" * 500, "😀\n😀"])
def test_odd_tables(reader: Any, sorter: Any, table: str) -> None:
    """Any text gives an answer or a sentence."""
    for expert, more in ((reader, {"question": QUESTION}), (sorter, {"labels": ["good", "bad"]})):
        try:
            assert expert.run({"table": table, **more}, Steered())["scores"]
        except JarvisError as error:
            assert "table" in error.message  # noqa: PT017 - either is right


def test_each_row_is_sorted(sorter: Any) -> None:
    """Each row gets one of the labels, in the order of the table; the label of most rows is the answer."""
    outputs = sorter.run({"table": ROWS * 3, "labels": ["good", "bad"]}, Steered())
    assert [row["row"] for row in outputs["scores"]] == list(range(1, 10))
    labels = [row["label"] for row in outputs["scores"]]
    assert set(labels) <= {"good", "bad"}
    assert labels[:3] == labels[3:6] == labels[6:]
    assert outputs["label"] == max(set(labels), key=labels.count)


def test_no_labels(sorter: Any) -> None:
    """Rows cannot be sorted into nothing."""
    with pytest.raises(BadInput, match="classes"):
        sorter.run({"table": ROWS}, Steered())


def test_stopped(reader: Any) -> None:
    """A long table can be stopped between two passes."""
    with pytest.raises(Stopped):
        reader.run({"table": ROWS * 500, "question": QUESTION}, Steered(stop_at=2))

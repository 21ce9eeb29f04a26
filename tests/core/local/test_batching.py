from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.contract import Inputs, Outputs, Stopped
from core.errors import BadInput, ExpertFailed
from core.local.batching import PiecewiseExpert, padded, passes
from core.types import Json
from tests.steers import Steered


class Lengths(PiecewiseExpert[str, Json]):
    """Counts the letters of each word; keeps what came together."""

    room_on_cpu = 12

    def load(self) -> None:
        self.seen: list[list[str]] = []

    def pieces(self, inputs: Inputs) -> Sequence[str]:
        if not inputs["text"]:
            raise BadInput("There is no text.")
        return str(inputs["text"]).split()

    def weight(self, piece: str) -> int:
        return len(piece)

    def forward(self, pieces: Sequence[str]) -> Sequence[Json]:
        if "bad" in pieces:
            raise ValueError("bad")
        if "huge" in pieces:
            raise RuntimeError("CUDA out of memory")
        self.seen.append(list(pieces))
        return [len(piece) for piece in pieces]

    def outputs(self, inputs: Inputs, pieces: Sequence[str], found: Sequence[Json]) -> Outputs:
        if inputs["text"] == "odd":
            raise ExpertFailed("This is odd.")
        return {"lengths": [*found]}


@pytest.fixture
def lengths() -> Lengths:
    """Return it loaded."""
    expert = Lengths()
    expert.load()
    return expert


def results(expert: Lengths, *texts: str) -> list[object]:
    """Run one job a text and return what each gave, or the name of its error."""
    found = expert.run_batch([({"text": text}, Steered()) for text in texts])
    return [type(result).__name__ if isinstance(result, Exception) else result["lengths"] for result in found]


@given(st.lists(st.integers(0, 50)), st.integers(1, 100), st.integers(1, 8))
def test_passes(weights: list[int], room: int, most: int) -> None:
    """Each piece is in one pass; no pass is too heavy or too long unless it is a single piece."""
    made = passes(weights, room, most)
    assert sorted(number for numbers in made for number in numbers) == list(range(len(weights)))
    for numbers in made:
        heaviest = max(weights[number] for number in numbers)
        assert len(numbers) == 1 or (len(numbers) <= most and len(numbers) * heaviest <= room)


def test_jobs_share_passes(lengths: Lengths) -> None:
    """Pieces of several jobs go together, those of like length; each job gets its own results in its own order."""
    assert results(lengths, "a four a", "six-by b") == [[1, 4, 1], [6, 1]]
    assert lengths.seen == [["six-by", "four"], ["a", "a", "b"]]


def test_one_bad_job_is_alone(lengths: Lengths) -> None:
    """A job that cannot be read, run or put together gets its error, its neighbours their results."""
    assert results(lengths, "one", "", "bad", "odd", "two") == [[3], "BadInput", "ValueError", "ExpertFailed", [3]]


def test_stopped_between_passes(lengths: Lengths) -> None:
    """A stopped job leaves before its next pass; the other one goes on."""
    stopped, other = Steered(stop_at=2), Steered()
    found = lengths.run_batch([({"text": "1234567 1234567"}, stopped), ({"text": "12 1234567"}, other)])
    assert isinstance(found[0], Stopped)
    assert found[1] == {"lengths": [2, 7]}
    assert len(stopped.progressed) == 1
    assert other.progressed[-1][0] == 1


def test_memory_runs_out(lengths: Lengths) -> None:
    """Out of memory is not swallowed; saving it makes passes smaller until there is nothing left to save."""
    with pytest.raises(RuntimeError, match="out of memory"):
        results(lengths, "huge", "a")
    assert lengths.save_memory()
    assert results(lengths, "a b c d e f") == [[1] * 6]
    assert lengths.seen == [["a", "b", "c"], ["d", "e", "f"]]
    assert sum(lengths.save_memory() for _ in range(20)) < 10


def test_padded() -> None:
    """Rows are filled up on the side asked for."""
    assert padded([[1], [2, 3]], 0) == [[1, 0], [2, 3]]
    assert padded([[1], [2, 3]], 0, left=True) == [[0, 1], [2, 3]]
    assert padded([], 0) == []

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from adapters.web.changes import changes
from core.events import (
    Answered,
    Cancelled,
    Event,
    Failed,
    Finished,
    PlanClosed,
    Planned,
    Progressed,
    Received,
    Refused,
    Rejected,
    Said,
    Selected,
    Skipped,
    Started,
    Trace,
    fold,
)
from core.types import Artifact, Kind, Place, Result, Selection, Task

FILE = Artifact(sha256="a" * 64, kind=Kind.IMAGE, mime="image/png", name="a.png", size=1)

# A request's way, in an order in which things can happen.
WAY: Sequence[Event] = (
    Received(0, FILE),
    Received(1, FILE, recalled=True),
    Refused(2, "x.exe", "No."),
    Planned(Task(id=0, type="word", args={"text": "a"})),
    Selected(Selection(task=0, model="m", place=Place.LOCAL, why="w")),
    Started(0),
    Rejected("weather", "No such task."),
    Planned(Task(id=1, type="word")),
    Planned(Task(id=2, type="word")),
    Said("Let me see. "),
    PlanClosed(0, "Let me see. "),
    Progressed(0, 0.5, "half"),
    Finished(Result(task=0, outputs={"text": "b"}, seconds=1.0, model="m", place=Place.LOCAL)),
    Failed(1, "It broke."),
    Skipped(2, because=1),
    Said("Here "),
    Planned(Task(id=3, type="word"), round=1),
    PlanClosed(1, "Let me see. Here "),
    Said("it is."),
    Answered("Let me see. Here it is.", (FILE,)),
)


@given(st.integers(0, len(WAY)), st.integers(0, len(WAY)))
def test_a_listener_keeps_up_whenever_it_looks(one: int, other: int) -> None:
    """Folding the changes between any two pictures onto the first gives the second."""
    before, after = fold(WAY[: min(one, other)]), fold(WAY[: max(one, other)])
    assert fold(changes(before, after), before) == after


def test_other_ends() -> None:
    """A failure and a stop are told, too, and the same picture again tells nothing."""
    for event in (Failed(None, "The disk is full."), Cancelled("Ann")):
        ended = fold([*WAY[:-1], event])
        assert list(changes(fold(WAY[:-1]), ended)) == [event]
        assert list(changes(ended, ended)) == []
    assert list(changes(Trace(), Trace())) == []

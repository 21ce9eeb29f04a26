"""What a plan is expected to cost, and from when on somebody is asked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.amounts import duration, money
from core.contract import Model
from core.figures import Figures
from core.ports import Offer
from core.stages.approval import Allowance, Gate, expected
from core.types import Place, Task
from tests.fakes import DEAR, WORD

LOCAL = Offer(type="dear", model=Model(id="m"), place=Place.LOCAL)


def test_what_was_measured_here_counts() -> None:
    """This process's runs, then this model's of before, then other models' at that place; else the deadline tells."""
    figures = Figures()
    assert expected(DEAR, LOCAL, figures) == 45.0
    assert expected(DEAR, replace(LOCAL, easy=False), figures) == 225.0
    assert expected(DEAR, replace(LOCAL, place=Place.REMOTE), figures) == 18.0
    assert expected(DEAR, replace(LOCAL, place=Place.EMBEDDED), figures) == 9.0
    figures.note("dear", "another", Place.LOCAL, seconds=30.0)
    figures.note("dear", "failing", Place.LOCAL, seconds=None)
    figures.note("word", "m", Place.LOCAL, seconds=1.0)
    assert expected(DEAR, LOCAL, figures) == 30.0
    assert expected(DEAR, replace(LOCAL, place=Place.REMOTE), figures) == 18.0
    figures.note("dear", "m", Place.LOCAL, seconds=20.0)
    assert expected(DEAR, LOCAL, figures) == 20.0
    assert expected(DEAR, replace(LOCAL, seconds=10.0, wait=99.0), figures) == 10.0


def test_from_the_limit_on_nothing_starts() -> None:
    """What is cheap but comes later is held as well, for what is dear may need it; the question names what is dear."""
    gate = Gate(Allowance(seconds=60.0))
    tasks = [Task(id=number, type=type_) for number, type_ in enumerate(("word", "dear", "word"))]
    assert [gate.admits(task, 800.0 if task.type == "dear" else 20.0) for task in tasks] == [True, False, False]
    held = gate.verdict()
    assert held is not None
    assert held.why == "This plan would take about 14 minutes (dear alone 13 minutes). Run it?"
    assert (held.seconds, held.cost, gate.held) == (840.0, None, tasks[1:])


def test_money_counts_where_prices_are_known() -> None:
    """The answer is expected to cost as much as the plan has."""
    gate = Gate(Allowance(dollars=0.5), paid=lambda: 0.3)
    assert not gate.admits(Task(id=0, type="word"), 1.0)
    held = gate.verdict()
    assert held is not None
    assert held.why == "This plan would take about 1 second and cost about $0.60. Run it?"
    assert held.cost == 0.6


@pytest.mark.parametrize("gate", [Gate(), Gate(Allowance(seconds=1.0), open=True)])
def test_without_a_limit_or_approved_all_starts(gate: Gate) -> None:
    """0 is as much as it takes, and so is what somebody approved."""
    assert gate.admits(Task(id=0, type=WORD.name), 1e6)
    assert gate.verdict() is None


def test_amounts_are_said_as_people_say_them() -> None:
    """Seconds, minutes and hours; cents and parts of them."""
    said = [duration(seconds) for seconds in (0.2, 1, 40, 89, 90, 720, 5400, 7200)]
    assert said == [
        "1 second",
        "1 second",
        "40 seconds",
        "89 seconds",
        "2 minutes",
        "12 minutes",
        "1.5 hours",
        "2 hours",
    ]
    assert [money(dollars) for dollars in (1.239, 0.1, 0.0042)] == ["$1.24", "$0.10", "$0.0042"]

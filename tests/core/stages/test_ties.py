"""Between models that no rule tells apart the controller is asked, but only where the lesser one would be dear."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from core.errors import ControllerFailed
from core.ports import Choice, Draft, Tie
from tests.fakes import FunctionExecutor, ScriptedController, mind, request, task, traced

pytestmark = pytest.mark.anyio

TWO = {"dear": ("first", "second"), "word": ("first", "second")}


def dear(number: int, **wish: str) -> Draft:
    """Return a task that takes long."""
    return Draft(id=number, type="dear", args={"text": f"t{number}"}, **wish)


async def test_one_call_breaks_all_ties_that_are_open_together() -> None:
    """Three tasks that are ready at once cost one question, and its answer decides with its reason."""
    controller = ScriptedController([dear(0), dear(1), dear(2)])
    trace = await traced(mind(controller, FunctionExecutor(models=TWO)), request())
    assert [len(ties) for ties in controller.ties] == [3]
    assert {selection.model for selection in trace.selections.values()} == {"second"}
    assert {selection.why for selection in trace.selections.values()} == {"the last"}


@pytest.mark.parametrize(
    ("draft", "models"),
    [
        (task(0), TWO),  # quickly done
        (dear(0), {"dear": ("only",)}),  # nothing to choose
        (dear(0, model="first", why="I like it"), TWO),  # the planner chose already
    ],
)
async def test_nobody_is_asked_where_it_does_not_pay(draft: Draft, models: dict[str, tuple[str, ...]]) -> None:
    """The rule decides alone."""
    controller = ScriptedController([draft])
    await traced(mind(controller, FunctionExecutor(models=models)), request())
    assert not controller.ties


async def test_a_controller_that_cannot_choose_costs_nothing_but_the_choice() -> None:
    """The first candidate does it."""

    class Mute(ScriptedController):
        async def choose(self, text: str, ties: Sequence[Tie]) -> Choice:
            raise ControllerFailed("I am down.")

    trace = await traced(mind(Mute([dear(0)]), FunctionExecutor(models=TWO)), request())
    assert trace.selections[0].model == "first"
    assert trace.results[0].outputs == {"text": "<t0>"}

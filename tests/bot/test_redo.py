"""An answer once more, with another model for one step: what the step does not touch stays."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.errors import BadInput
from core.events import Posted
from core.rules import DENY, Rule, Topic
from core.types import Request
from storage.memory import MemoryStore
from tests.bot.wall import Life, working
from tests.fakes import FunctionExecutor, request, task

pytestmark = pytest.mark.anyio

PLAN = [task(0), task(1, text="<resource-0>"), task(2, text="apart"), task(3, text="<resource-1> and <resource-2>")]
MODELS = {"word": ("toy", "other", "third")}


def again(message: str = "2") -> Request:
    """The same once more, as a button would ask."""
    return replace(request(message=message), redoes="test:1")


async def answered(life: Life) -> None:
    """Have the first request answered."""
    await life.hear(request())
    await life.wall.answer()
    await life.settled()


async def test_only_what_depends_on_the_step_runs_again() -> None:
    """The step runs with the model asked for, what needs it after it, and the rest is as it was."""
    executor = FunctionExecutor(models=MODELS)
    async with working(PLAN, executor) as life:
        await answered(life)
        executor.ran.clear()
        assert await life.concierge.redo(again(), task=1, model="other")
        trace = await life.wall.answer("2")
        assert [job.id for job in executor.ran] == ["test:2/1", "test:2/3"]
        assert executor.ran[0].model == "other"
        assert trace.selections[1].why == "You asked for it."
        assert {number: result.cached for number, result in trace.results.items()} == {
            0: True,
            1: False,
            2: True,
            3: False,
        }
        assert trace.answer is not None
        assert trace.answer.text == "0=<t0>; 1=<<t0>>; 2=<apart>; 3=<<<t0>>\n<apart>>"
        journal = await life.store.journal.read("test:2")
        assert [event.handle for event in journal if isinstance(event, Posted)] == ["test:2", "test:2"]


async def test_the_same_press_twice_is_one_answer() -> None:
    """A message that is known is not accepted again."""
    executor = FunctionExecutor(models=MODELS)
    async with working(PLAN, executor) as life:
        await answered(life)
        assert [await life.concierge.redo(again(), task=3, model="other") for _ in range(2)] == [True, False]
        await life.wall.answer("2")
        await life.settled()
    assert len(executor.ran) == 5
    assert life.wall.opened == ["test:1", "test:2"]


async def test_the_others_are_named_best_first_under_the_rules() -> None:
    """The model that did the step is not among them, nor one that an admin denied."""
    async with working(PLAN, FunctionExecutor(models=MODELS)) as life:
        await answered(life)
        assert [one.model for one in await life.concierge.alternatives("test:1", 1)] == ["other", "third"]
        await life.store.rules.set(Rule(topic=Topic.MODEL, name="other", value=DENY), by="admin")
        assert [one.model for one in await life.concierge.alternatives("test:1", 1)] == ["third"]
        assert await life.concierge.alternatives("test:1", 9) == ()
        assert await life.concierge.alternatives("unknown", 1) == ()


async def test_what_cannot_be_is_told_at_once() -> None:
    """A model that is denied or gone, a step or a request that is not there: nothing is accepted."""
    async with working(PLAN, FunctionExecutor(models=MODELS)) as life:
        await answered(life)
        await life.store.rules.set(Rule(topic=Topic.MODEL, name="other", value=DENY), by="admin")
        for number, model, words in (
            (1, "other", "denied by an admin"),
            (1, "gone", "here now"),
            (9, "toy", "not have"),
        ):
            with pytest.raises(BadInput, match=words):
                await life.concierge.redo(again(), task=number, model=model)
        with pytest.raises(BadInput, match="not have"):
            await life.concierge.redo(replace(again(), redoes="unknown"), task=1, model="third")
        assert await life.store.waiting() == 0


async def test_a_wish_goes_before_what_admins_prefer() -> None:
    """A preference is a default; what a person asks for comes first, for all steps that the model can do."""
    store = MemoryStore()
    await store.rules.set(Rule(topic=Topic.PREFERENCE, name="word", value="third"), by="admin")
    async with working([task(0), task(1, "dear", text="x")], FunctionExecutor(models=MODELS), store=store) as life:
        await life.hear(replace(request(), model="other"))
        trace = await life.wall.answer()
        assert [trace.selections[number].model for number in (0, 1)] == ["other", "toy"]
        assert trace.selections[0].why == "You asked for it."
        assert not trace.rejected


@pytest.mark.parametrize(
    ("model", "words"),
    [("gone", "cannot run here"), ("only dear", "none of the steps"), ("other", "denied by an admin")],
)
async def test_a_wish_that_serves_nothing_is_told(model: str, words: str) -> None:
    """The answer says why another model was taken, and comes all the same."""
    store = MemoryStore()
    await store.rules.set(Rule(topic=Topic.MODEL, name="other", value=DENY), by="admin")
    executor = FunctionExecutor(models={**MODELS, "dear": ("only dear",)})
    async with working([task(0)], executor, store=store) as life:
        await life.hear(replace(request(), model=model))
        trace = await life.wall.answer()
        assert [(one.what, words in one.why) for one in trace.rejected] == [(model, True)]
        assert trace.results[0].model == "toy"


async def test_models_are_found_by_what_was_typed() -> None:
    """Whatever case they are written in; those that begin so first."""
    executor = FunctionExecutor(models={"word": ("me/Toyota", "toy", "another")})
    async with working([], executor) as life:
        assert life.concierge.models("TOY") == ["toy", "me/Toyota"]
        assert {"toy", "another"} <= {*life.concierge.models("")}

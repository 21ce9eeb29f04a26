"""Requests with two places: what fails in one goes on in the other, and files stay where they have to."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

import pytest

from core.contract import Model
from core.errors import Busy, DeadlineExceeded, ExpertFailed, Faulty, JarvisError, NotAvailable, WorkerDied
from core.events import Failed, Finished, Selected
from core.ports import Draft, Job, Offer, OnProgress
from core.stages.policy import Policy
from core.stages.select import TRIES
from core.types import Attachment, Place, Value
from tests.fakes import FunctionExecutor, ScriptedController, heard, mind, request, task

pytestmark = pytest.mark.anyio


@dataclass
class TwoPlaces(FunctionExecutor):
    """Offers every task on own devices and, by several models, at hosted inference; ``troubles`` of each come first."""

    troubles: Mapping[Place, list[JarvisError]] = field(default_factory=dict)
    away: int = 1
    here: bool = True
    present: bool = True  # the weights of our own models

    def offers(self) -> Collection[Offer]:
        own = [replace(one, present=self.present) for one in super().offers()] if self.here else []
        types = {offer.type for offer in super().offers()}
        hosted = [
            Offer(type=type_, model=Model(id=f"away{number}"), place=Place.REMOTE)
            for type_ in types
            for number in range(self.away)
        ]
        return [*own, *hosted]

    async def run(self, job: Job, on_progress: OnProgress) -> Mapping[str, Value]:
        if job.type != "media-probe" and job.place and (waiting := self.troubles.get(job.place)):
            raise waiting.pop(0)
        return await super().run(job, on_progress)


async def told(
    executor: TwoPlaces, *plan: Draft, policy: Policy | None = None, attachments: tuple[Attachment, ...] = ()
) -> list[tuple[str, str]]:
    """Return places and reasons of all selections, then "done" or the last sentence of each task."""
    orchestrator = replace(mind(ScriptedController(list(plan)), executor), policy=policy or Policy())
    events = await heard(orchestrator, request(attachments=attachments))
    found = [(one.selection.place.value, one.selection.why) for one in events if isinstance(one, Selected)]
    found += [("done", "") for one in events if isinstance(one, Finished)]
    return found + [("failed", one.why) for one in events if isinstance(one, Failed)]


async def test_the_trace_says_where_and_why() -> None:
    """Own devices first where nothing was measured yet."""
    (where, why), _ = await told(TwoPlaces(), task(0))
    assert where == "local"
    assert "On a device of our own, since the model is there and nobody waits." in why


async def test_what_fails_here_is_done_there_and_the_other_way_round() -> None:
    """The trace says why."""
    here = TwoPlaces(troubles={Place.LOCAL: [WorkerDied("It crashed.")]})
    assert (await told(here, task(0)))[1:] == [("remote", "It crashed."), ("done", "")]
    there = TwoPlaces(here=True, troubles={Place.REMOTE: [NotAvailable("Nobody answers.")]})
    assert (await told(there, replace(task(0), model="away0")))[1:] == [("local", "Nobody answers."), ("done", "")]


async def test_a_models_own_fault_sends_the_task_elsewhere_and_an_inputs_does_not() -> None:
    """What a model does wrong another may do right; what is wrong with the input is the same everywhere."""
    faulty = TwoPlaces(troubles={Place.LOCAL: [Faulty("It has a bug.")]})
    assert (await told(faulty, task(0)))[1:] == [("remote", "It has a bug."), ("done", "")]
    silent = TwoPlaces(troubles={Place.LOCAL: [ExpertFailed("Nobody speaks in it.")]})
    assert (await told(silent, task(0)))[1:] == [("failed", "Nobody speaks in it.")]


async def test_an_input_that_breaks_model_after_model_is_given_up() -> None:
    """It is the input, then: not every model of the place is broken by it."""
    executor = TwoPlaces(
        away=0, models={"word": [f"own{n}" for n in range(20)]}, troubles={Place.LOCAL: [Faulty("A bug.")] * 20}
    )
    found = await told(executor, task(0))
    assert [where for where, _ in found] == ["local"] * TRIES + ["failed"]


async def test_where_one_place_has_no_time_the_other_may() -> None:
    """Whether its queue is full or the job took too long; without another place it is told."""
    for trouble in (Busy("Too much waits."), DeadlineExceeded("It took too long.")):
        late = TwoPlaces(troubles={Place.LOCAL: [trouble]})
        assert (await told(late, task(0)))[1:] == [("remote", trouble.message), ("done", "")]
        alone = TwoPlaces(away=0, troubles={Place.LOCAL: [trouble]})
        assert (await told(alone, task(0)))[1:] == [("failed", trouble.message)]


async def test_a_place_that_fails_again_and_again_is_left() -> None:
    """Its other models are not tried one after the other."""
    down: list[JarvisError] = [NotAvailable(f"Trouble {number}.") for number in range(20)]
    executor = TwoPlaces(away=20, here=False, troubles={Place.REMOTE: down})
    found = await told(executor, task(0))
    assert len([where for where, _ in found if where == "remote"]) == TRIES
    assert found[-1] == ("failed", f"Trouble {TRIES - 1}.")


async def test_where_nothing_can_be_downloaded_not_every_model_is_asked_for() -> None:
    """It is the Hub's trouble, then, and what is here or elsewhere does the task."""
    gone: list[JarvisError] = [NotAvailable(f"Trouble {number}.") for number in range(20)]
    executor = TwoPlaces(
        away=0, present=False, models={"word": [f"own{n}" for n in range(20)]}, troubles={Place.LOCAL: gone}
    )
    found = await told(executor, task(0))
    assert [where for where, _ in found] == ["local"] * TRIES + ["failed"]


async def test_who_asked_for_a_model_is_told_why_it_was_another_one() -> None:
    """Not why the one after it was not taken either."""
    executor = TwoPlaces(
        away=0,
        models={"word": ["own0", "own1", "own2"]},
        troubles={Place.LOCAL: [NotAvailable("It is gated."), NotAvailable("It is away.")]},
    )
    orchestrator = mind(ScriptedController([task(0)]), executor)
    events = await heard(orchestrator, replace(request(), model="own1"))
    chosen = [one.selection for one in events if isinstance(one, Selected)]
    assert [one.model for one in chosen] == ["own1", "own0", "own2"]
    assert [one.why for one in chosen] == ["You asked for it.", "It is gated.", "It is gated."]


async def test_files_never_leave_where_the_policy_says_so() -> None:
    """Neither those of the person nor those that tasks made; words may."""
    policy = Policy(keep_media=True)

    def broken() -> TwoPlaces:
        return TwoPlaces(troubles={Place.LOCAL: [WorkerDied("It crashed.")] * 9})

    attached = (Attachment(name="a.txt", address="a"),)
    looked = await told(broken(), task(0, "word", text="<attachment-0>"), policy=policy, attachments=attached)
    assert {where for where, _ in looked} == {"local", "failed"}
    worded = await told(broken(), task(0), policy=policy)
    assert ("remote", "It crashed.") in worded
    open_ = await told(broken(), task(0, "word", text="<attachment-0>"), attachments=attached)
    assert ("remote", "It crashed.") in open_


async def test_pictures_that_tasks_made_stay_too() -> None:
    """And their words go."""

    class OnceHere(TwoPlaces):
        async def run(self, job: Job, on_progress: OnProgress) -> Mapping[str, Value]:
            if job.type == "look" and job.place is Place.LOCAL:
                raise WorkerDied("It crashed.")
            return await super().run(job, on_progress)

    plan = (task(0, "picture", texts=["a"]), task(1, "look", image="<resource-0>"))
    found = await told(OnceHere(), *plan, policy=Policy(keep_media=True))
    assert ("remote", "It crashed.") not in found
    assert ("failed", "It crashed.") in found
    assert ("remote", "It crashed.") in await told(OnceHere(), *plan)


@pytest.mark.parametrize("place", [Place.LOCAL, Place.REMOTE])
async def test_with_one_place_failing_half_the_time_all_ends_well(place: Place) -> None:
    """Twenty tasks at once, each to its end."""
    executor = TwoPlaces()
    count = 0

    async def half(job: Job, on_progress: OnProgress) -> Mapping[str, Value]:
        nonlocal count
        count += 1
        if job.place is place and count % 2:
            raise NotAvailable("Not now.")
        return {"text": "done"}

    executor.function = half
    wishes = [replace(task(number), model="away0" if number % 2 else "toy") for number in range(20)]
    found = await told(executor, *wishes)
    assert [where for where, _ in found].count("done") == 20

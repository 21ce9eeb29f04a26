"""Stages 2 and 3 for one request: each task is a coroutine that awaits the tasks it refers to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import anyio
import structlog
from anyio.abc import TaskGroup

from core.characters import whole
from core.errors import (
    Busy,
    DeadlineExceeded,
    Faulty,
    JarvisError,
    NotAvailable,
    OutOfMemory,
    Unsuited,
    WorkerDied,
    words_for,
)
from core.events import Failed, Finished, Progressed, Selected, Skipped, Started
from core.figures import Figures
from core.ports import Offer
from core.rules import Terms
from core.stages import select
from core.stages.approval import Gate, expected
from core.stages.execute import Execution
from core.stages.policy import Policy, permitted
from core.stages.safety import Guard
from core.stages.ties import Ties
from core.story import Story
from core.types import Place, Request, Result, Selection, Task

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Means:
    """What tasks run with."""

    execution: Execution
    policy: Policy
    figures: Figures
    gate: Gate = field(default_factory=Gate)


class Tasks:
    """The tasks of one request. Those of an interrupted one that have come to their end are not run again."""

    def __init__(self, request: Request, story: Story, means: Means, ties: Ties) -> None:
        """Run with ``means``, let ``ties`` be broken, and tell ``story``."""
        self._request = request
        self._story = story
        self._means = means
        self._ties = ties
        self._guard = Guard(request, means.execution, means.policy, means.figures)
        self._ends = {number: anyio.Event() for number in story.trace.tasks}
        for number, end in self._ends.items():
            if story.trace.settled(number):
                end.set()

    def resume(self, group: TaskGroup) -> None:
        """Start the tasks of an interrupted request that are not at their end."""
        if self._request.redoes:
            group.start_soon(self._look_again)
        for number, task in self._story.trace.tasks.items():
            if not self._story.trace.settled(number):
                self.start(group, task)
            else:
                self._means.gate.count(task, self.expected(task))

    def start(self, group: TaskGroup, task: Task) -> None:
        """Run a task as soon as what it refers to is there, unless it would cost too much."""
        self._ends.setdefault(task.id, anyio.Event())
        if self._means.gate.admits(task, self.expected(task)):
            group.start_soon(self._run, task)

    def expected(self, task: Task) -> float:
        """Return the seconds that a task is expected to take."""
        (_, candidates), means = self._choice(task), self._means
        return expected(means.execution.types[task.type], candidates[0], means.figures) if candidates else 0.0

    async def _warm(self, task: Task) -> None:
        """Have the model that will most likely run a task loaded by then, where it is to be run as it usually is."""
        _, candidates = self._choice(task)
        if not candidates or candidates[0].place is Place.REMOTE:
            return
        model = candidates[0].model.id
        if self._means.policy.terms(model) == Terms():
            await self._means.execution.executor.warm(task.type, model)

    async def _await_needs(self, task: Task) -> None:
        waiting = [end for number in sorted(task.needs()) if not (end := self._ends[number]).is_set()]
        if not waiting:
            return
        async with anyio.create_task_group() as group:
            group.start_soon(self._warm, task)
            for end in waiting:
                await end.wait()
            group.cancel_scope.cancel()

    async def _run(self, task: Task) -> None:
        """Await what the task refers to, then run it; its failure is its own and its dependents' alone."""
        await self._await_needs(task)
        try:
            await self._run_or_skip(task)
        except JarvisError as error:
            await self._story.emit(Failed(task.id, error.message))
        except Exception as error:
            log.exception("task failed", request=self._request.id, task=task.id, type=task.type)
            await self._story.emit(Failed(task.id, words_for(error)))
        self._ends[task.id].set()

    async def _run_or_skip(self, task: Task) -> None:
        results = self._story.trace.results
        missing = next((number for number in sorted(task.needs()) if number not in results), None)
        if missing is not None:
            await self._story.emit(Skipped(task.id, missing))
            return
        await self._guard.prepare(task)
        result = await self._result(task)
        await self._look(task, result)  # before anybody sees it
        await self._story.emit(Finished(result))

    async def _look(self, task: Task, result: Result) -> None:
        for flagged in await self._guard.flags(task, result):
            await self._story.emit(flagged)

    async def _look_again(self) -> None:
        """Have looked at what was taken over: it may have been made when this place was not so careful."""
        trace = self._story.trace
        for number, result in trace.results.items():
            await self._look(trace.tasks[number], result)

    async def _result(self, task: Task) -> Result:
        """Select a model and run the task; where a place lets us down, go on with the next candidate.

        Who asked for a model is told why it was not that one, whatever happens to the others.
        """
        task, candidates = self._choice(task)
        figures, trouble = self._means.figures, ""
        if (wishing := await self._with_wish(task, candidates)) is not task:
            task, candidates = wishing, self._candidates(wishing, candidates)
        failures = Counter[Place]()
        while True:
            selection = select.select(task, candidates, after=trouble, figures=figures)
            await self._story.emit(Selected(selection))
            if better := select.worth_fetching(task, candidates):
                await self._means.execution.executor.warm(task.type, better.model.id)
            try:
                result = await self._execute(task, selection, candidates[0].model.revision)
            except (Busy, DeadlineExceeded, Faulty, NotAvailable, OutOfMemory, Unsuited, WorkerDied) as error:
                candidates = self._left(task, candidates, error, failures)
                trouble = (trouble if task.wish and task.wish.firm else "") or error.message
                if not candidates:
                    raise
                continue
            if not result.cached:
                figures.note(task.type, selection.model, selection.place, seconds=result.seconds)
            return result

    def _left(
        self, task: Task, candidates: Sequence[Offer], error: JarvisError, failures: Counter[Place]
    ) -> Sequence[Offer]:
        """Return who may still run a task after the first candidate let us down, and note whose fault it was."""
        first = candidates[0]
        if not isinstance(error, Busy | Unsuited):  # those are no fault of the model's
            self._means.figures.note(task.type, first.model.id, first.place, seconds=None)
        match error:
            case Busy() | DeadlineExceeded():  # where there is another place, it may have time
                return select.others(candidates, gone=True)
            case Unsuited():
                return select.others(candidates)
            case _:
                failures[first.place] += 1
                bounded = first.place is Place.REMOTE or isinstance(error, Faulty) or not first.present
                gone = bounded and failures[first.place] >= select.TRIES
                return select.others(candidates, smaller=isinstance(error, OutOfMemory), gone=gone)

    def _choice(self, task: Task) -> tuple[Task, Sequence[Offer]]:
        """Return the models that may run a task now, best first, and the task with the wish that this goes by.

        The model that a person asked for takes the place of the planner's wish, else the one that admins prefer.
        """
        offers = self._offers(task)
        wish = select.asked_for(task, offers, self._request) or self._means.policy.preference(task.type, offers)
        task = replace(task, wish=wish) if wish else task
        return task, self._candidates(task, offers)

    def _candidates(self, task: Task, offers: Sequence[Offer]) -> Sequence[Offer]:
        return select.ranked(task, offers, self._request.mode, self._means.figures)

    def _offers(self, task: Task) -> Sequence[Offer]:
        means = self._means
        offers = means.execution.executor.offers()
        return permitted(task, self._story.trace, offers, self._request.mode, means.policy)

    async def _with_wish(self, task: Task, candidates: Sequence[Offer]) -> Task:
        """Return the task with the controller's wish, where candidates are tied and asking pays."""
        of = self._means.figures.of
        well = [offer for offer in candidates if not of(offer.type, offer.model.id, offer.place).unwell]
        seconds = self._means.execution.types[task.type].seconds
        wish = await self._ties.broken(task, select.tied(well, task), seconds=seconds)
        return replace(task, wish=wish) if wish else task

    async def _execute(self, task: Task, selection: Selection, revision: str) -> Result:
        if task.id not in self._story.trace.started:
            await self._story.emit(Started(task.id))
        return await self._means.execution.run(
            task,
            selection,
            self._story.trace,
            job=f"{self._request.id}/{task.id}",
            owner=self._request.origin.thread,
            revision=revision,
            terms=self._means.policy.terms(selection.model),
            on=lambda fraction, note: self._story.tell(Progressed(task.id, fraction, whole(note))),
        )

"""Taking up an earlier request again with another model for one step: what stays of it, as events."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from core.events import (
    Event,
    Finished,
    Flagged,
    PlanClosed,
    Planned,
    Received,
    Refused,
    Rejected,
    Selected,
    Trace,
    fold,
)
from core.types import Request, Task, Wish


def taken_over(before: Sequence[Event], request: Request) -> list[Event]:
    """Return the events that ``request``'s journal begins with, of those ``before`` of the one that it redoes.

    Its step gets the model that was asked for; what depends on the step has no result, and what was planned in later
    rounds, over what was found, is not planned yet. Nothing stays where there is no such step: all is planned anew.
    """
    trace, step = fold(before), request.step
    if step is None or step not in trace.tasks:
        return []
    last, anew = trace.round_of[step], dependents(trace, step)
    stays = {task for task in trace.results if task not in anew and trace.round_of[task] <= last}
    return list(_kept(before, request, last, stays))


def dependents(trace: Trace, step: int) -> frozenset[int]:
    """Return a step and all tasks that await its result, directly or by others. References point back only."""
    found = {step}
    for number in sorted(trace.tasks):
        if trace.tasks[number].needs() & found:
            found.add(number)
    return frozenset(found)


def _kept(before: Sequence[Event], request: Request, last: int, stays: Collection[int]) -> Iterator[Event]:
    """Yield what stays: the rounds up to ``last``, and the results of the tasks in ``stays``."""
    for event in before:
        match event:
            case Received() | Refused() | Flagged():
                yield event
            case Rejected(what) if what != request.model:
                yield event
            case Planned(task, number) if number <= last:
                yield Planned(_wishing(task, request.model) if task.id == request.step else task, number)
            case PlanClosed(number) if number <= last:
                yield event
            case Selected(selection) if selection.task in stays:
                yield event
            case Finished(result) if result.task in stays:
                yield Finished(replace(result, cached=True))
            case _:
                pass


def _wishing(task: Task, model: str) -> Task:
    return replace(task, wish=Wish(model=model, why="You asked for it.", firm=True))

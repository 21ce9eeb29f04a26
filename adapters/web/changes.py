"""From one picture of a request to the next, as events: what a listener needs to keep up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

from core.events import (
    Approved,
    Cancelled,
    Event,
    Failed,
    Finished,
    PlanClosed,
    Planned,
    Received,
    Said,
    Selected,
    Skipped,
    Started,
    Trace,
    Waiting,
)

V = TypeVar("V")


def changes(before: Trace, after: Trace) -> Iterator[Event]:
    """Yield the events that turn ``before`` into ``after``, messages posted to platforms left out."""
    if after.waiting != before.waiting:
        yield after.waiting or Waiting(0)
    for number, artifact in _new(before.artifacts, after.artifacts):
        yield Received(number, artifact, number in after.recalled)
    for _, refused in _new(before.refused, after.refused):
        yield refused
    for number, task in _new(before.tasks, after.tasks):
        yield Planned(task, after.round_of.get(number, 0))
    yield from after.rejected[len(before.rejected) :]
    for sha256, flagged in after.flagged.items():  # before the file itself
        if before.flagged.get(sha256) != flagged:
            yield flagged
    if after.approved is not None and before.approved is None:
        yield Approved(after.approved)
    yield from _tasks(before, after)
    yield from _words(before, after)
    if after.held is not None and after.held != before.held:
        yield after.held


def _tasks(before: Trace, after: Trace) -> Iterator[Event]:
    for _, selection in _new(before.selections, after.selections):
        yield Selected(selection)
    for number in sorted(after.started - before.started):
        yield Started(number)
    for _, progress in _new(before.progress, after.progress):
        yield progress
    for _, result in _new(before.results, after.results):
        yield Finished(result)
    for number, why in _new(before.failures, after.failures):
        yield Failed(number, why)
    for number, because in _new(before.skipped, after.skipped):
        yield Skipped(number, because)


def _words(before: Trace, after: Trace) -> Iterator[Event]:
    if after.rounds > before.rounds:
        yield PlanClosed(after.rounds - 1, before.saying)
    if after.answer is None and after.saying != before.saying and after.saying.startswith(before.saying):
        yield Said(after.saying[len(before.saying) :])
    if after.answer is not None and after.answer != before.answer:
        yield after.answer
    if after.failure is not None and after.failure != before.failure:
        yield Failed(None, after.failure)
    if after.cancelled is not None and after.cancelled != before.cancelled:
        yield Cancelled(after.cancelled)


def _new(before: Mapping[int, V], after: Mapping[int, V]) -> list[tuple[int, V]]:
    return [(number, value) for number, value in sorted(after.items()) if before.get(number) != value]

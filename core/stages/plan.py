"""Stage 1, task planning: what a controller writes is data; here it becomes checked tasks, or words why not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from core.errors import BadInput
from core.events import Rejected, Trace
from core.ports import Draft
from core.registry import TaskType
from core.stages.arguments import Scope, check_arguments, references_in
from core.types import Task, TaskRef, Wish


class Checker:
    """Turns the drafts of one round into tasks, each as soon as everything it refers to is known.

    Task ids are the controller's own where they are free. A draft that refers forward waits for what it needs, so a
    cycle or a dangling reference ends as a Rejected when the plan closes, never as a task that waits for ever.
    """

    def __init__(self, types: Mapping[str, TaskType], trace: Trace, *, round_: int, most: int) -> None:
        """Check against ``types`` and what ``trace`` holds; at most ``most`` tasks in the whole plan."""
        self._types = types
        self._trace = trace
        self._most = most
        self._tasks = dict(trace.tasks)
        self._ids = {number: number for number in trace.tasks}  # the controller's id -> ours
        # Planned in this round before a crash: the same draft again means the same task.
        self._interrupted = [task for task in trace.tasks.values() if trace.round_of[task.id] == round_]
        self._waiting: list[Draft] = []

    def offer(self, draft: Draft) -> Iterator[Task | Rejected]:
        """Yield what ``draft`` makes possible: itself, and drafts that waited for it."""
        self._waiting.append(draft)
        while ready := next((one for one in self._waiting if self._needs(one) <= self._ids.keys()), None):
            self._waiting.remove(ready)
            yield from self._admit(ready)

    def close(self) -> Iterator[Rejected]:
        """Yield the drafts that can never start."""
        for draft in self._waiting:
            names = ", ".join(str(TaskRef(number)) for number in sorted(self._needs(draft) - self._ids.keys()))
            yield Rejected(draft.type, f"It needs {names}, which is not there or itself waits for this task.")
        self._waiting.clear()

    def _needs(self, draft: Draft) -> set[int]:
        return {ref.task for ref in references_in(draft.args) if isinstance(ref, TaskRef)}

    def _admit(self, draft: Draft) -> Iterator[Task | Rejected]:
        try:
            task = self._check(draft)
        except BadInput as error:
            yield Rejected(draft.type, error.message)
            return
        known = next((one for one in self._interrupted if (one.type, one.args) == (task.type, task.args)), None)
        if known is not None:
            self._interrupted.remove(known)
            self._ids[draft.id] = known.id
            return
        self._ids[draft.id] = task.id
        self._tasks[task.id] = task
        yield task

    def _check(self, draft: Draft) -> Task:
        if len(self._tasks) >= self._most:
            raise BadInput(f"The plan has more than {self._most} tasks.")
        type_ = self._types.get(draft.type)
        if type_ is None:
            raise BadInput(f"There is no task called “{draft.type[:60]}” that can run here.")
        args = check_arguments(type_, draft.args, Scope(self._tasks, self._types, self._ids, self._trace))
        wish = Wish(model=draft.model, why=draft.why) if draft.model else None
        return Task(id=self._number(draft.id), type=draft.type, args=args, wish=wish)

    def _number(self, wanted: int) -> int:
        return wanted if wanted >= 0 and wanted not in self._tasks else max(self._tasks, default=-1) + 1

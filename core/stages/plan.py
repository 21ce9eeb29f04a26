"""Stage 1, task planning: what a controller writes is data; here it becomes checked tasks, or words why not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from core.contract import TaskType
from core.errors import BadInput
from core.events import Rejected, Trace
from core.ports import Draft
from core.stages.arguments import Scope, check_arguments
from core.stages.names import renamed, task_named
from core.stages.written import references_in
from core.types import Arg, Task, TaskRef, Wish


class Checker:
    """Turns the drafts of one round into tasks, each as soon as everything it refers to is known.

    Task ids are the controller's own where they are free. A draft that refers forward waits for what it needs, so a
    cycle ends as a Rejected when the plan closes, never as a task that waits for ever.
    """

    def __init__(
        self, types: Mapping[str, TaskType], trace: Trace, *, own: int = 0, round_: int = 0, most: int = 32
    ) -> None:
        """Check against ``types`` and what ``trace`` holds, whose first ``own`` files came with the message.

        At most ``most`` tasks fit in the whole plan.
        """
        self._types = types
        self._trace = trace
        self._own = own
        self._most = most
        self._tasks = dict(trace.tasks)
        self._ids = {number: [number] for number in trace.tasks}  # the controller's id -> ours
        # Planned in this round before a crash: the same draft again means the same task.
        self._interrupted = [task for task in trace.tasks.values() if trace.round_of[task.id] == round_]
        self._waiting: list[Draft] = []

    def offer(self, draft: Draft) -> Iterator[Task | Rejected]:
        """Yield what ``draft`` makes possible: itself, and drafts that waited for it."""
        self._waiting.append(draft)
        while ready := next((one for one in self._waiting if self._needs(one) <= self._ids.keys()), None):
            self._waiting.remove(ready)
            yield from self._admit(ready)

    def close(self) -> Iterator[Task | Rejected]:
        """Yield what still waits: a task where it can do without what is missing, else what is wrong with it.

        A reference to itself or to nothing at all is taken for nothing; drafts that wait for each other mean nothing.
        """
        written = {draft.id for draft in self._waiting}
        while lone := next((one for one in self._waiting if not self._needs(one) & (written - {one.id})), None):
            self._waiting.remove(lone)
            written.discard(lone.id)
            yield from self._admit(lone)
        for draft in self._waiting:
            names = ", ".join(str(TaskRef(number)) for number in sorted(self._needs(draft) - self._ids.keys()))
            yield Rejected(draft.type, f"It needs {names}, which itself waits for this task.", draft.id)
        self._waiting.clear()

    def _needs(self, draft: Draft) -> set[int]:
        return {ref.task for ref in references_in(draft.args) if isinstance(ref, TaskRef)}

    def _admit(self, draft: Draft) -> Iterator[Task | Rejected]:
        fresh: list[Task] = []
        try:
            self._ids[draft.id] = self._check(draft, fresh)
        except BadInput as error:
            for task in fresh:
                del self._tasks[task.id]
            yield Rejected(draft.type, error.message, draft.id)
            return
        yield from fresh

    def _check(self, draft: Draft, fresh: list[Task]) -> list[int]:
        """Return the numbers of the tasks that ``draft`` means; those that are new are put into ``fresh``."""
        type_ = task_named(draft.type, self._types)

        def insert(reader: TaskType, args: dict[str, Arg]) -> int:
            return self._keep(Task(id=self._number(-1), type=reader.name, args=args), fresh)

        scope = Scope(self._tasks, self._types, self._ids, self._trace, self._own, insert)
        wish = Wish(model=draft.model, why=draft.why) if draft.model else None
        return [
            self._keep(Task(id=self._number(draft.id), type=type_.name, args=args, wish=wish), fresh)
            for args in check_arguments(type_, renamed(type_, draft.args), scope)
        ]

    def _keep(self, task: Task, fresh: list[Task]) -> int:
        known = next((one for one in self._interrupted if (one.type, one.args) == (task.type, task.args)), None)
        if known is not None:
            self._interrupted.remove(known)
            return known.id
        if len(self._tasks) >= self._most:
            raise BadInput(f"The plan has more than {self._most} tasks.")
        self._tasks[task.id] = task
        fresh.append(task)
        return task.id

    def _number(self, wanted: int) -> int:
        return wanted if wanted >= 0 and wanted not in self._tasks else max(self._tasks, default=-1) + 1

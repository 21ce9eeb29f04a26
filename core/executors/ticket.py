"""One job on its way through a pool, from the queue to its end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import anyio

from core.contract import Card
from core.errors import WorkerDied
from core.executors.wire import Letter
from core.ports import Job, OnProgress


@dataclass(slots=True, eq=False)
class Ticket:
    """A job, whoever waits for it, and what became of it."""

    job: Job
    card: Card
    on_progress: OnProgress
    op: str = "run"  # or "load": only have the model loaded
    attempts: int = 0  # children it was lost with
    passed_over: int = 0  # times that a job behind it went first
    place: int = 0  # in the queue, as it was told; 0: nothing was told
    running: bool = False  # a child has it: it can only be stopped there
    stopped: bool = False  # nobody wants the result any more
    on_stop: Callable[[], None] | None = None  # called then, by whoever has it run
    trouble: BaseException | None = None  # why it was stopped, where it was not whoever waits
    over: anyio.Event = field(default_factory=anyio.Event)  # set: there is an outcome
    _answer: Letter | None = None
    _error: BaseException | None = None

    @property
    def ended(self) -> bool:
        """Whether there is an outcome, told or not."""
        return self._answer is not None or self._error is not None

    @property
    def done(self) -> bool:
        """Whether an expert ran it to its end and gave a result."""
        return self._error is None and self._answer is not None and self._answer.head.get("op") == "done"

    def stop(self, trouble: BaseException | None = None) -> None:
        """Have it stopped, wherever it is; ``trouble`` is why, where it is not whoever waits."""
        if self.stopped:
            return
        self.stopped, self.trouble = True, trouble
        if self.on_stop is not None:
            self.on_stop()

    def settle(self, answer: Letter) -> None:
        """Take a child's answer; one that comes after the job was stopped for a reason counts as the reason."""
        if not self.ended:
            self._answer, self._error = answer, self.trouble

    def fail(self, error: BaseException) -> None:
        """Take an error for the outcome, if there is none yet."""
        if not self.ended:
            self._error = self.trouble or error

    def release(self) -> None:
        """Tell whoever waits that there is an outcome."""
        self.over.set()

    def drop(self) -> None:
        """End a job that was stopped; nobody is interested in how."""
        self.end(WorkerDied("It was stopped."))

    def end(self, error: BaseException) -> None:
        """Fail, and tell so."""
        self.fail(error)
        self.release()

    def outcome(self) -> Letter:
        """Return the answer of a ticket that is over, or raise its error."""
        if self._error is not None:
            raise self._error
        assert self._answer is not None  # noqa: S101 - it is over
        return self._answer

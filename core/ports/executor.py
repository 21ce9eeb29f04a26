"""Who runs models: what can run, and one run of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

from core.contract import Fit, Model
from core.types import Place, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One run of one model, as an executor takes it."""

    id: str
    type: str  # the Hugging Face task name
    model: str
    inputs: Mapping[str, Value]
    seconds: float  # deadline, counted from when the job starts to run
    owner: str = ""  # conversation, for fairness
    place: Place | None = None  # where it shall run; None: wherever the model is
    revision: str = ""  # of the weights, where an admin pinned it; empty: whichever are here
    trusted: bool = False  # an admin allowed this very model, so that its weights may be pickles


OnProgress: TypeAlias = Callable[[float | None, str], None]
"""Called with (fraction from 0 to 1 or None, note); must return at once."""


def _some(_args: Mapping[str, Any]) -> Fit:
    return Fit.SOME


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A model that can run here."""

    type: str
    model: Model
    place: Place
    ready: bool = False  # loaded: it starts at once
    present: bool = True  # nothing has to be fetched before it can run
    fit: Callable[[Mapping[str, Any]], Fit] = field(default=_some, repr=False, compare=False)  # for a task's arguments
    easy: bool = True  # the device it would run on has room and speed to spare for it
    wait: float = 0.0  # seconds that a job given now is expected to wait for its turn
    seconds: float | None = None  # how long a run takes there as measured, waiting left out; None: nobody knows

    @property
    def expected(self) -> float | None:
        """Seconds until a job given now would be done; None where nobody knows."""
        return None if self.seconds is None else self.wait + self.seconds


class Executor(Protocol):
    """Runs jobs. Cancelling :meth:`run` stops the job itself."""

    def offers(self) -> Collection[Offer]:
        """Return what can run now: known beforehand, never probed for a request."""
        ...

    async def run(self, job: Job, on_progress: OnProgress) -> Mapping[str, Value]:
        """Run a job and return its outputs; where others did it, their names besides (``core.contract.PROVIDERS``).

        Raises ExpertFailed or BadInput in the expert's own words, DeadlineExceeded, WorkerDied, Busy or NotAvailable.
        """
        ...

    async def warm(self, type: str, model: str) -> None:  # noqa: A002 - the field's word
        """Load a model ahead of its job; a failure is nobody's trouble yet.

        One whose weights are not here is fetched in the background: this does not wait for it.
        """
        ...

"""The contract of an expert: what a task type takes and gives, which models do it, and how a file declares that.

A file in :mod:`core.experts` holds one task type as ``TYPE`` and, below it, the experts that do it::

    TYPE = TaskType(name="text-classification", ...)

    @expert(TYPE, Model(id="vader", ...))  # embedded: the one model that the class is
    class Vader(Expert):
        def load(self) -> None: ...
        def run(self, inputs: Inputs, steer: Steer) -> Outputs: ...

    @local(TYPE)  # runs every model that the catalogue has for this task type and family
    class Classifier(LocalExpert): ...

Planner catalogue, argument checks, help and tables derive from these declarations. Importing such a file must stay
cheap: heavy libraries are imported in ``load``.
"""

from __future__ import annotations

import importlib.util
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, ClassVar, Protocol, TypeAlias, TypeVar

from core.types import Kind, Place, Scalar, Value

Inputs: TypeAlias = Mapping[str, Any]
"""Checked arguments by name: str, int, float, bool or Media; a list of them where the parameter takes ``many``."""

Outputs: TypeAlias = Mapping[str, Value]
"""Values by name. A file is an output of its own: several files have several names."""

PROVIDERS = "providers"
"""What a job that others do brings along beside its inputs, and back beside its outputs: the names of who was asked,
those in vain first."""

SEEN = frozenset((Kind.IMAGE, Kind.VIDEO))
"""What eyes can look at, besides writing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """One argument of a task type.

    Several ``kinds`` mean that any of them is understood. A text argument also takes a text file.
    """

    name: str
    kinds: tuple[Kind, ...]
    about: str = ""
    required: bool = True
    many: bool = False  # takes a list; otherwise several texts are joined by newlines
    default: Scalar | None = None
    choices: tuple[str, ...] = ()
    low: float | None = None  # numbers: smallest and largest value
    high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Give:
    """One output of a task type. The first one declared is the main one."""

    name: str
    kind: Kind
    about: str = ""
    optional: bool = False  # given where there is reason to, or it is known: no other task can count on it


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskType:
    """A task type under its Hugging Face name, with its signature."""

    name: str
    summary: str  # one line for planners and help
    takes: tuple[Take, ...]
    gives: tuple[Give, ...]
    repeatable: bool = True  # the same input gives the same output: results may be cached
    seconds: float = 120.0  # deadline of one job
    examples: tuple[str, ...] = ()  # requests in a person's words
    internal: bool = False  # the house's own errand: never offered to planners

    def take(self, name: str) -> Take | None:
        """Return the argument called ``name``."""
        return next((take for take in self.takes if take.name == name), None)

    @property
    def promised(self) -> tuple[Give, ...]:
        """The outputs that are always there: those that other tasks can refer to."""
        return tuple(give for give in self.gives if not give.optional)

    @property
    def shows(self) -> bool:
        """Whether it gives pictures or films."""
        return any(give.kind in SEEN for give in self.gives)

    @property
    def imagines(self) -> bool:
        """Whether these may show what nobody had sent: they follow a prompt, or come of nothing that can be seen."""
        sees = any(take.required and not SEEN.isdisjoint(take.kinds) for take in self.takes)
        return self.shows and (self.take("prompt") is not None or not sees)


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A candidate model. None means unknown: nothing is made up."""

    id: str
    about: str = ""  # what it can do, and what it cannot
    licence: str = ""
    size: int | None = None  # bytes on disk
    memory: int | None = None  # bytes while running
    downloads: int | None = None
    likes: int | None = None
    languages: tuple[str, ...] = ()  # ISO 639-1; empty where language plays no role or is unknown
    revision: str = ""  # version of weights or of the library; part of the cache key
    needs: tuple[str, ...] = ()  # importable modules without which it cannot run
    family: str = ""  # which of a task type's experts runs it; "" for the usual one
    library: str = ""  # "transformers", "diffusers"
    gated: bool = False  # the Hub asks for terms to be accepted, and for a token
    pickled: bool = False  # its weights come as Python pickles only
    remote_code: bool = False  # its repository brings code of its own
    providers: tuple[str, ...] = ()  # hosted inference providers that serve it, as far as known
    settings: Mapping[str, Scalar] = field(default_factory=dict)  # defaults of a generator: steps, guidance, width ...
    parts: Mapping[str, str] = field(default_factory=dict)  # models it cannot run without: base, vocoder ... -> id


class Steer(Protocol):
    """What a running expert holds on to: tells how far it is, learns that it should stop."""

    def progress(self, fraction: float | None, note: str = "") -> None:
        """Tell how far the job is, from 0 to 1."""
        ...

    def check(self) -> None:
        """Raise Stopped when the job was cancelled. Call it between steps."""
        ...


class Stopped(Exception):
    """Raised inside an expert to leave a cancelled job."""


class Fit(IntEnum):
    """How well a model suits what a task asks."""

    NONE = 0  # it would refuse
    SOME = 1
    MADE = 2  # it was made for just this


CPU = "cpu"  # PyTorch's name of it

Batch: TypeAlias = Sequence[tuple[Inputs, Steer]]
"""Jobs for one model that are run together."""


class Expert(ABC):
    """One model at work in an executor's child process. Made once, loaded once, run for job after job."""

    batch: ClassVar[int] = 1  # jobs that are worth running together, at most
    needs: ClassVar[tuple[str, ...]] = ()  # importable modules without which none of its models can run

    def __init__(self, model: Model = Model(id=""), device: str = CPU) -> None:
        """Run ``model`` on ``device``, as PyTorch names it; a class that is its own model needs to know neither."""
        self.model = model
        self.device = device

    def load(self) -> None:  # noqa: B027 - some have nothing to load
        """Import libraries and load weights."""

    @classmethod
    def fit(cls, model: Model, args: Mapping[str, Any]) -> Fit:
        """Tell how well a model suits a task's arguments, where experts of one task type differ in what they can do.

        Asked before anything is loaded, in the bot. An argument that refers to another task is not a text yet.
        """
        return Fit.SOME

    @abstractmethod
    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        """Do one job. Raise ExpertFailed or BadInput with a sentence for the user where the input is to blame."""

    def run_batch(self, jobs: Batch) -> Sequence[Outputs | Exception]:
        """Do up to ``batch`` jobs; one that fails must not cost the others theirs."""
        return [attempt(self.run, inputs, steer) for inputs, steer in jobs]

    def save_memory(self) -> bool:
        """After an out-of-memory: switch to a way that needs less. False when there is no such way left."""
        return False

    def size(self) -> int | None:
        """Return the bytes that the loaded weights take, None where nobody knows."""
        return None


ExpertClass: TypeAlias = type[Expert]


T = TypeVar("T")


def attempt(run: Callable[..., T], *args: Any) -> T | Exception:
    """Return what ``run`` gives or raises, running out of memory excepted: that is for whoever can make room.

    A library that calls ``sys.exit`` where it is out of its depth fails one job, too, and not those beside it.
    """
    try:
        return run(*args)
    except SystemExit as error:
        failed = RuntimeError(f"a library wanted to end the process ({error})")
        failed.__cause__ = error
        return failed
    except Exception as error:
        if out_of_memory(error):
            raise
        return error


def out_of_memory(error: BaseException) -> bool:
    """Whether an error says that a device or the machine has no memory left, in Python's, PyTorch's or CUDA's words."""
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return True
    words = str(error).lower() if isinstance(error, RuntimeError) else ""
    return "out of memory" in words or "can't allocate memory" in words


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """An expert class with what was declared about it."""

    type: TaskType
    model: Model
    place: Place
    make: ExpertClass = field(repr=False)

    @property
    def key(self) -> tuple[str, str]:
        """Task type and model: what a job names."""
        return self.type.name, self.model.id

    def missing(self) -> tuple[str, ...]:
        """Return the modules it needs that are not installed."""
        return tuple(name for name in (*self.model.needs, *self.make.needs) if importlib.util.find_spec(name) is None)


E = TypeVar("E", bound=type[Expert])


def expert(task: TaskType, model: Model, place: Place = Place.EMBEDDED) -> Callable[[E], E]:
    """Declare that the decorated class does ``task`` with ``model``. Several declarations on a class add up."""

    def declare(made: E) -> E:
        made.__cards__ = (*vars(made).get("__cards__", ()), Card(type=task, model=model, place=place, make=made))  # type: ignore[attr-defined]
        return made

    return declare


def local(task: TaskType, *families: str) -> Callable[[E], E]:
    """Declare that the decorated class does ``task`` with the models of these families, on our own devices.

    Without families it does so with the usual one, which has no name. Several declarations on a class add up.
    """
    return _running(task, Place.LOCAL, families or ("",))


def hosted(task: TaskType) -> Callable[[E], E]:
    """Declare that the decorated class asks hosted inference for ``task``, whatever the model."""
    return _running(task, Place.REMOTE, (ANY,))


def _running(task: TaskType, place: Place, families: Sequence[str]) -> Callable[[E], E]:
    def declare(made: E) -> E:
        runs = [Runs(task, place, family) for family in families]
        made.__runs__ = (*vars(made).get("__runs__", ()), *runs)  # type: ignore[attr-defined]
        return made

    return declare


ANY = "*"
"""Stands for every family."""


@dataclass(frozen=True, slots=True)
class Runs:
    """That a class does a task, at a place, with the models of a family."""

    task: TaskType
    place: Place
    family: str

    def takes(self, model: Model) -> bool:
        """Whether it runs this model."""
        return self.family in (ANY, model.family)

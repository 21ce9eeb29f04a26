"""The contract of an expert: what a task type takes and gives, which models do it, and how a file declares that.

A file in :mod:`core.experts` holds one task type as ``TYPE`` and, below it, the experts that do it::

    TYPE = TaskType(name="text-classification", ...)

    @expert(TYPE, Model(id="vader", ...))
    class Vader(Expert):
        def load(self) -> None: ...
        def run(self, inputs: Inputs, steer: Steer) -> Outputs: ...

Planner catalogue, argument checks, help and tables derive from these declarations. Importing such a file must stay
cheap: heavy libraries are imported in ``load``.
"""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias, TypeVar

from core.source import digest_of
from core.types import Kind, Place, Scalar, Value

Inputs: TypeAlias = Mapping[str, Any]
"""Checked arguments by name: str, int, float, bool or Media; a list of them where the parameter takes ``many``."""

Outputs: TypeAlias = Mapping[str, Value]


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

    def giving(self, kinds: Sequence[Kind]) -> Give | None:
        """Return the first output of one of ``kinds``."""
        return next((give for give in self.gives if give.kind in kinds), None)


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


class Expert(ABC):
    """One model at work in an executor's child process. Made once, loaded once, run for job after job."""

    def load(self) -> None:  # noqa: B027 - some have nothing to load
        """Import libraries and load weights."""

    @abstractmethod
    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        """Do one job. Raise ExpertFailed or BadInput with a sentence for the user where the input is to blame."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """An expert class with what was declared about it."""

    type: TaskType
    model: Model
    place: Place
    make: Callable[[], Expert] = field(repr=False)

    def missing(self) -> tuple[str, ...]:
        """Return the modules it needs that are not installed."""
        return tuple(name for name in self.model.needs if importlib.util.find_spec(name) is None)


E = TypeVar("E", bound=type[Expert])


def expert(task: TaskType, model: Model, place: Place = Place.EMBEDDED) -> Callable[[E], E]:
    """Declare that the decorated class does ``task`` with ``model``. Several declarations on a class add up."""

    def declare(made: E) -> E:
        made.__cards__ = (*vars(made).get("__cards__", ()), Card(type=task, model=model, place=place, make=made))  # type: ignore[attr-defined]
        return made

    return declare


@dataclass(frozen=True, slots=True)
class Registry:
    """All task types and experts of this installation."""

    types: Mapping[str, TaskType]
    cards: tuple[Card, ...]
    code: str = ""  # digest of the code around the models; part of the cache key

    @classmethod
    def discover(cls, package: str = "core.experts") -> Registry:
        """Read every module of ``package``. Sorted by name, so that catalogues and prompts never drift."""
        types: dict[str, TaskType] = {}
        cards: list[Card] = []
        for module in _modules(package):
            task = getattr(module, "TYPE", None)
            if isinstance(task, TaskType):
                types[task.name] = task
            for value in vars(module).values():
                if isinstance(value, type) and value.__module__ == module.__name__:
                    cards.extend(vars(value).get("__cards__", ()))
        return cls(dict(sorted(types.items())), tuple(cards), digest_of(package.partition(".")[0]))

    def card(self, task: str, model: str) -> Card | None:
        """Return the expert that does ``task`` with ``model``."""
        return next((card for card in self.cards if card.type.name == task and card.model.id == model), None)


def _modules(package: str) -> Iterator[Any]:
    root = importlib.import_module(package)
    for info in pkgutil.iter_modules(root.__path__):
        if not info.name.startswith("_"):
            yield importlib.import_module(f"{package}.{info.name}")

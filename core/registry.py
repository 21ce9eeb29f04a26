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

import importlib
import importlib.util
import pkgutil
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from importlib.metadata import entry_points
from types import MappingProxyType
from typing import Any, ClassVar, Protocol, TypeAlias, TypeVar

from core.source import digest_of
from core.types import Kind, Place, Scalar, Value

Inputs: TypeAlias = Mapping[str, Any]
"""Checked arguments by name: str, int, float, bool or Media; a list of them where the parameter takes ``many``."""

Outputs: TypeAlias = Mapping[str, Value]


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
    optional: bool = False  # a file for the person, where there is reason for one: no other task can count on it


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

    def giving(self, kinds: Sequence[Kind]) -> Give | None:
        """Return the first output of one of ``kinds`` that is always there."""
        return next((give for give in self.promised if give.kind in kinds), None)


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
    """Return what ``run`` gives or raises, running out of memory excepted: that is for whoever can make room."""
    try:
        return run(*args)
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


PLUGINS = "jarvis.experts"
"""The group of entry points by which packages installed beside JARVIS name modules with experts."""

EXPERTS = ("core.experts", "core.hosted", PLUGINS)
"""The packages whose modules are read, and the group of entry points."""

Catalogue: TypeAlias = Mapping[str, Sequence[Model]]
"""Candidate models by task type."""


@dataclass(slots=True, eq=False)
class Registry:
    """All task types and experts of this installation. Only its cards may change, all at once, and its servers."""

    types: Mapping[str, TaskType]
    cards: tuple[Card, ...]
    code: str = ""  # digest of the code around the models; part of the cache key
    runs: Mapping[Runs, ExpertClass] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()  # what could not be read, and why
    servers: frozenset[str] = frozenset()  # model servers that somebody named: no catalogue holds what they serve

    @classmethod
    def discover(cls, *packages: str, catalogue: Catalogue = MappingProxyType({})) -> Registry:
        """Read every module of ``packages``. Sorted by name, so that catalogues and prompts never drift.

        A class declared by :func:`local` or :func:`hosted` has a card for each model that ``catalogue`` has for it, or
        a module as ``MODELS`` of its task type. What was installed beside JARVIS and breaks, or takes names that are
        taken, is left out.
        """
        packages = packages or EXPERTS
        found = _Found()
        for package in packages:
            if package == PLUGINS:
                found.add_plugins()
            else:
                for module in _modules(package):
                    found.add(module)
        cards = [
            Card(type=one.task, model=model, place=one.place, make=made)
            for one, made in found.runs.items()
            for model in found.candidates(one.task.name, catalogue)
            if one.takes(model)
        ]
        code = " ".join((digest_of(packages[0].partition(".")[0]), *found.versions))
        types = dict(sorted(found.types.items()))
        return cls(types, (*found.cards.values(), *cards), code, found.runs, tuple(found.left_out))

    def renew(self, fresh: Registry) -> None:
        """Have the cards of one that was discovered later: whoever holds this one sees the new models."""
        self.cards = fresh.cards

    def knows(self, task: str, model: str) -> bool:
        """Whether there is such a model for a task, or there may be at a model server."""
        return self.card(task, model) is not None or model.partition("/")[0] in self.servers

    def card(self, task: str, model: str) -> Card | None:
        """Return the expert that does ``task`` with ``model``."""
        return next((card for card in self.cards if card.key == (task, model)), None)

    def card_for(self, task: str, place: Place, model: Model) -> Card | None:
        """Return a card for a model that need not be in the catalogue, or None where nothing there runs it."""
        for one, made in self.runs.items():
            if (one.task.name, one.place) == (task, place) and one.takes(model):
                return Card(type=one.task, model=model, place=place, make=made)
        return None


class _Found:
    """What modules declare, each name once."""

    def __init__(self) -> None:
        self.types: dict[str, TaskType] = {}
        self.cards: dict[tuple[str, str], Card] = {}
        self.runs: dict[Runs, ExpertClass] = {}
        self.models: dict[str, list[Model]] = {}  # by task type
        self.versions: list[str] = []  # of what was installed beside JARVIS
        self.left_out: list[str] = []

    def add_plugins(self) -> None:
        """Take in what was installed beside JARVIS. What is broken must not cost what is well."""
        for plugin in sorted(entry_points(group=PLUGINS), key=lambda one: (one.name, one.value)):
            try:
                self.add(plugin.load())
            except (Exception, SystemExit) as error:  # noqa: BLE001 - it is others' code
                self.left_out.append(
                    f"The experts in {plugin.value} are left out: {str(error) or type(error).__name__}."
                )
            else:
                self.versions.append(f"{plugin.value} {plugin.dist.version if plugin.dist else ''}")

    def candidates(self, task: str, catalogue: Catalogue) -> Sequence[Model]:
        """Return a task type's models, the catalogue's first; of two with the same id its own counts."""
        known = catalogue.get(task, ())
        ids = {model.id for model in known}
        return [*known, *(model for model in self.models.get(task, ()) if model.id not in ids)]

    def add(self, module: Any) -> None:
        """Take in all that a module declares. Raises ValueError, and takes nothing, where a name is taken."""
        task = getattr(module, "TYPE", None)
        types = {task.name: task} if isinstance(task, TaskType) else {}
        made = [one for one in vars(module).values() if isinstance(one, type) and one.__module__ == module.__name__]
        cards = {card.key: card for one in made for card in vars(one).get("__cards__", ())}
        runs = {run: one for one in made for run in vars(one).get("__runs__", ())}
        taken = [name for name, type_ in types.items() if self.types.get(name, type_) is not type_]
        taken += ["/".join(key) for key in cards.keys() & self.cards.keys()]
        taken += [f"{run.task.name} of family “{run.family}”" for run in runs.keys() & self.runs.keys()]
        if taken:
            raise ValueError(f"{', '.join(taken)} is there already")
        self.types |= types
        self.cards |= cards
        self.runs |= runs
        for name in types:
            self.models.setdefault(name, []).extend(getattr(module, "MODELS", ()))


def _modules(package: str) -> Iterator[Any]:
    root = importlib.import_module(package)
    for info in pkgutil.iter_modules(root.__path__):
        if not info.name.startswith("_"):
            yield importlib.import_module(f"{package}.{info.name}")

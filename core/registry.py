"""How all experts of this installation are found: those that came with it, and those installed beside it."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from types import MappingProxyType
from typing import Any, TypeAlias

from core.contract import Card, ExpertClass, Model, Runs, TaskType
from core.source import digest_of
from core.types import Place

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

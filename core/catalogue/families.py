"""Which of our experts runs a model that nobody here has looked at: rules over what the Hub tells about it."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

HOSTED = "hosted"
"""The family of what only providers run."""

LIBRARIES = ("transformers", "diffusers")

UNUSUAL = frozenset({
    "4-bit", "8-bit", "awq", "bitsandbytes", "compressed-tensors", "exl2", "fp8", "gguf", "gptq", "lora", "mlx", "peft",
})  # fmt: skip
"""Tags of weights in forms that want further libraries, and of what is only a part of a model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What the Hub is asked for, and what of it our experts run."""

    pipeline: str = ""  # the Hub's name of the task, where it has another
    tags: tuple[str, ...] = ()
    libraries: tuple[str, ...] = LIBRARIES
    classes: Mapping[str, str] = field(default_factory=dict)  # pattern -> family
    unless: tuple[str, ...] = ()  # patterns of classes that are left alone whatever ``classes`` says

    def family(self, library: str, tags: Collection[str], classes: Iterable[str]) -> str | None:
        """Return the family of a model by its library, its tags and its classes; None where none of ours runs it."""
        if library not in self.libraries or not UNUSUAL.isdisjoint(tags):
            return None
        if any(tag.startswith("base_model:adapter:") for tag in tags):
            return None
        names = [*classes, *(tag.removeprefix("diffusers:") for tag in tags if tag.startswith("diffusers:"))]
        if any(fnmatchcase(name, pattern) for pattern in self.unless for name in names):
            return None
        found = (family for pattern, family in self.classes.items() for name in names if fnmatchcase(name, pattern))
        return next(found, None)


@cache
def searches() -> Mapping[str, Search]:
    """Return what the Hub is asked for, by task type."""
    told = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return {task: _search(task, **facts) for task, facts in told.items()}


def _search(
    task: str,
    *,
    classes: Mapping[str, str],
    pipeline: str = "",
    tags: Iterable[str] = (),
    libraries: Iterable[str] = LIBRARIES,
    unless: Iterable[str] = (),
) -> Search:
    return Search(
        pipeline=pipeline or task,
        tags=tuple(tags),
        libraries=tuple(libraries),
        classes=classes,
        unless=tuple(unless),
    )

"""Briefs for the embedded controller, on the house's own task types."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from core.contract import TaskType
from core.ports import Brief
from core.registry import Registry
from core.types import Turn
from tests.core.controllers.briefs import MakeBrief, artifact
from tests.evals.catalogue import EMBEDDED


@pytest.fixture(scope="session")
def types() -> list[TaskType]:
    """All task types of the house."""
    return [type_ for type_ in Registry.discover().types.values() if not type_.internal]


@pytest.fixture
def brief(types: list[TaskType]) -> MakeBrief:
    """Return a maker of briefs: a text, the names of its files, and the turns before."""

    def make(text: str, *names: str, turns: Sequence[Turn] = (), everything: bool = False) -> Brief:
        window = list(dict.fromkeys(file for one in reversed(turns) for file in reversed(one.artifacts)))
        own = [artifact(name) for name in names]
        return Brief(
            text=text,
            artifacts=dict(enumerate([*own, *window])),
            own=len(own),
            turns=turns,
            offered=[type_ for type_ in types if everything or type_.name in EMBEDDED],
            missing=[type_ for type_ in types if not everything and type_.name not in EMBEDDED],
        )

    return make

import json
import re
from collections import Counter
from dataclasses import fields
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import get_args

import pytest

import core
from core.catalogue.snapshot import FOLDER, snapshot
from core.contract import Model
from core.registry import Registry
from core.types import Place

SNAPSHOT = snapshot()
REGISTRY = Registry.discover(catalogue=SNAPSHOT)
FAMILIES = {(one.task.name, one.family) for one in REGISTRY.runs if one.place is Place.LOCAL}
LOCAL = sorted({task for task, _ in FAMILIES})
ALONE = frozenset(("audio-to-audio",))
"""Task types for which no second model is known that the libraries read as it is."""

HOSTED = "hosted"
"""The family of what no expert here runs."""

every_task = pytest.mark.parametrize("task", SNAPSHOT)
every_task_here = pytest.mark.parametrize("task", sorted(SNAPSHOT.keys() & set(LOCAL)))


def runs_here(task: str, model: Model) -> bool:
    """Whether an expert of this repository runs the model."""
    return (task, model.family) in FAMILIES


def free(model: Model) -> bool:
    """Whether anybody can fetch and run it: no terms to accept, no library beyond those of the extras."""
    return not model.gated and not model.needs


def test_there_is_a_choice() -> None:
    """Over two hundred different models are known, all for tasks that JARVIS has."""
    assert set(SNAPSHOT) <= set(REGISTRY.types)
    assert len({model.id for models in SNAPSHOT.values() for model in models}) > 200


@pytest.mark.parametrize("task", LOCAL)
def test_what_runs_on_own_devices_has_models(task: str) -> None:
    """Two models for anybody, built in or to fetch, wherever experts for own devices are; and each of them has one."""
    models = SNAPSHOT[task]
    built_in = [card for card in REGISTRY.cards if card.type.name == task and card.place is Place.EMBEDDED]
    assert len(built_in) + len([model for model in models if runs_here(task, model) and free(model)]) >= 2 - (
        task in ALONE
    )
    assert {family for type_, family in FAMILIES if type_ == task} <= {model.family for model in models}


@every_task_here
def test_nothing_is_listed_that_no_place_runs(task: str) -> None:
    """An expert here runs it, or somebody serves it; what is served only says so by its family."""
    for model in SNAPSHOT[task]:
        assert runs_here(task, model) or model.family == HOSTED, model.id
        assert model.providers or model.family != HOSTED, model.id


@every_task
def test_the_order_is_that_of_choice(task: str) -> None:
    """First what runs here, then what only others run; in each first what is free, then what is used more."""

    def order(model: Model) -> tuple[bool, bool, bool, int]:
        return model.family == HOSTED, model.gated, bool(model.needs), -(model.downloads or 0)

    models = SNAPSHOT[task]
    assert max(Counter(model.id for model in models).values()) == 1
    assert free(models[0])
    assert [after.id for before, after in pairwise(models) if order(before) > order(after)] == []


@every_task
def test_lines_say_what_is_known_and_no_more(task: str) -> None:
    """A line has fields of a model only, none twice, and leaves out what is unknown instead of saying nothing in it."""
    known = {field.name for field in fields(Model)}
    for line in (FOLDER / f"{task}.jsonl").read_text(encoding="utf-8").splitlines():
        pairs = json.loads(line, object_pairs_hook=list)
        names = [name for name, _ in pairs]
        assert len(set(names)) == len(names), line
        assert set(names) <= known, line
        assert all(value not in (None, "", [], False) for _, value in pairs), line


@every_task
def test_facts_are_plausible(task: str) -> None:
    """Ids are the Hub's, figures are of the right order, languages are codes, and the library knows the providers."""
    from huggingface_hub.inference._providers import PROVIDER_T

    providers = set(get_args(PROVIDER_T))
    for model in SNAPSHOT[task]:
        assert re.fullmatch(r"[\w.-]+/[\w.-]+", model.id), model
        assert model.size is None or 1e6 < model.size < 2e12, model
        assert model.memory is None or 1e6 < model.memory < 2e12, model
        assert model.downloads is None or model.downloads > 0, model
        assert all(re.fullmatch("[a-z]{2}", language) for language in model.languages), model
        assert len(set(model.languages)) == len(model.languages), model
        assert set(model.providers) <= providers, model
        assert model.library or model.family == HOSTED, model


@every_task
def test_people_can_read_what_a_model_is_for(task: str) -> None:
    """One line of whole sentences, short enough for a planner's list of many."""
    for model in SNAPSHOT[task]:
        assert 20 < len(model.about) <= 140, model
        assert model.about.endswith("."), model
        assert "\n" not in model.about, model


@every_task_here
def test_settings_and_parts_are_those_that_experts_read(task: str) -> None:
    """A misspelt setting would be passed over in silence: each name stands in the code, in quotes."""
    for model in SNAPSHOT[task]:
        assert {*model.settings, *model.parts} <= quoted(), model
        assert all(re.fullmatch(r"[\w.-]+/[\w.-]+", part) for part in model.parts.values()), model


def test_control_networks_know_their_base() -> None:
    """A control network cannot paint alone: its base is named, and is itself a model that paints."""
    painters = {model.id for model in SNAPSHOT["text-to-image"]}
    networks = [model for task in SNAPSHOT if task.endswith("-text-to-image") for model in SNAPSHOT[task]]
    assert networks
    assert all(model.parts["base"] in painters for model in networks)


@cache
def quoted() -> set[str]:
    """Return all words that stand in quotes in the code that loads and runs models."""
    root = Path(core.__file__).parent
    code = "".join(file.read_text() for part in ("experts", "local", "weights") for file in (root / part).rglob("*.py"))
    return set(re.findall(r'"(\w+)"', code))


def test_voices_need_what_their_expert_imports() -> None:
    """What writes a text as its sounds is the library of the embedded voice; no voice waits for another one."""
    needed = {name for model in SNAPSHOT["text-to-speech"] for name in model.needs}
    assert needed <= {"espeakng_loader"}

"""The catalogue is brought up to date from the local Hub, by a child process, into the store."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import anyio
import pytest
from anyio import to_thread

from bot import refreshing
from bot.compose import compose
from bot.executors import make_registry
from bot.refreshing import refresh, refreshed
from bot.settings import Settings
from core.catalogue.families import Search
from core.contract import Model
from core.errors import NotAvailable
from core.experts.catalogue_refresh import TYPE
from core.ports import Find
from core.types import Place
from storage.memory import MemoryStore
from tests.bot.cli.program import run
from tests.simulators.faults import Fault
from tests.simulators.hub import Hub
from tests.simulators.repository import Repository

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

TASK = "text-classification"
HEAD = json.dumps({"w": {"dtype": "F16", "shape": [1000, 500], "data_offsets": [0, 0]}}).encode()
WEIGHTS = len(HEAD).to_bytes(8, "little") + HEAD
LIVE = {"providerId": "x", "status": "live", "task": TASK}


def repository(root: Path, name: str, *, weights: str = "model.safetensors", **facts: Any) -> Repository:
    """Return a model that sorts texts, as a repository of the Hub."""
    folder = root / name
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps({"architectures": ["BertForSequenceClassification"]}))
    (folder / weights).write_bytes(WEIGHTS)
    return Repository(id=name, folder=folder, **{"pipeline_tag": TASK, "downloads": 100, **facts})


@pytest.fixture
def repositories(tmp_path: Path) -> Mapping[str, Repository]:
    """Models of every sort."""
    made = [
        repository(tmp_path, "org/plain", card={"license": "mit", "language": ["en", "multilingual"]}, likes=7),
        repository(
            tmp_path, "org/served", library_name="sglang", providers={"acme": LIVE, "down": {**LIVE, "status": "error"}}
        ),
        repository(tmp_path, "org/nobody", library_name="keras"),
        repository(tmp_path, "org/pickled", weights="pytorch_model.bin", card={"license": ["mit", "apache-2.0"]}),
        repository(tmp_path, "org/code", tags=["custom_code"]),
        repository(tmp_path, "org/gated", gated="auto", card={"license": "other", "license_name": "acme-terms"}),
        repository(tmp_path, "org/other", pipeline_tag="fill-mask"),
        repository(tmp_path, "org/known", pipeline_tag="fill-mask", gated="manual", downloads=3),
        *(repository(tmp_path, f"many/m{number}", downloads=number) for number in range(60)),
    ]
    return {one.id: one for one in made}


@pytest.fixture
async def hub(repositories: Mapping[str, Repository], monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Hub]:
    """A Hub that lists ten models a page; of all task types only one is asked about."""
    monkeypatch.setattr(refreshing, "searches", lambda: {TASK: Search()})
    monkeypatch.setattr(refreshing, "snapshot", lambda: {TASK: (Model(id="org/known"), Model(id="org/gone"))})
    async with Hub(repositories.values(), page=10) as server:
        yield server


def settings(hub: Hub, **more: Any) -> Settings:
    """Return the settings of an installation that asks this Hub."""
    return Settings(hf_endpoint=hub.url, **more)


async def test_the_hub_is_asked_and_the_next_start_knows(hub: Hub) -> None:
    """Most downloaded first, over pages, up to the limit; then what is known already. What nobody runs is left out."""
    store = MemoryStore()
    told = [task async for task, _ in refresh(settings(hub), store.finds)]
    assert told == [TASK]
    found = {model.id: model for model in (await store.finds.read())[TASK].models}
    assert {name for name in found if name.startswith("org/")} == {
        "org/plain", "org/served", "org/pickled", "org/code", "org/gated", "org/known",
    }  # fmt: skip
    assert len([one for one in hub.requests if one.path == "/api/models"]) == 5
    assert "many/m59" in found
    assert "many/m0" not in found
    plain = found["org/plain"]
    assert (plain.licence, plain.languages, plain.downloads, plain.likes) == ("mit", ("en",), 100, 7)
    assert (plain.size, plain.memory, plain.family, plain.library) == (1_000_000, 2_400_000, "", "transformers")
    assert (found["org/served"].family, found["org/served"].providers) == ("hosted", ("acme",))
    assert (found["org/pickled"].pickled, found["org/pickled"].licence) == (True, "mit")
    assert found["org/code"].remote_code
    assert (found["org/known"].gated, found["org/known"].downloads) == (True, 3)
    assert (found["org/gated"].gated, found["org/gated"].licence) == (True, "acme-terms")
    registry = make_registry(await store.finds.read())
    assert registry.card(TASK, "org/plain") is not None
    places = {card.place for card in registry.cards if card.model.id == "org/served"}
    assert places == {Place.REMOTE}
    assert len(registry.cards) > len(make_registry().cards)


async def test_what_is_young_is_not_asked_for_again(hub: Hub) -> None:
    """Only what is older than it may be is due."""
    store = MemoryStore()
    await store.finds.put(TASK, Find(models=(), at=1.0))
    assert [task async for task, _ in refresh(settings(hub), store.finds, older=3600)] == [TASK]
    assert [task async for task, _ in refresh(settings(hub), store.finds, older=3600)] == []


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault(path="/api/models", status=401, times=None), "does not list models now"),
        (None, "cannot be reached"),
    ],
)
async def test_a_hub_in_trouble_is_a_sentence_and_changes_nothing(hub: Hub, fault: Fault | None, words: str) -> None:
    """What was known stays."""
    store = MemoryStore()
    before = Find(models=(), at=1.0)
    await store.finds.put(TASK, before)
    if fault:
        hub.faults.add(fault)
    there = settings(hub) if fault else Settings(hf_endpoint="http://127.0.0.1:9")
    with pytest.raises(NotAvailable, match=words):
        await anext(refresh(there, store.finds))
    assert await store.finds.read() == {TASK: before}


async def test_a_hub_that_takes_too_long_is_told_in_words(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    """They speak of the Hub, not of a job of ours."""
    monkeypatch.setattr(refreshing, "TYPE", replace(TYPE, seconds=1.0))
    hub.faults.add(Fault(path="/api/models", status=429, headers={"Retry-After": "60"}, times=None))
    with pytest.raises(NotAvailable, match=f"The Hub took too long to list models for {TASK}"):
        await anext(refresh(settings(hub), MemoryStore().finds))


async def test_the_background_does_it_by_age(hub: Hub) -> None:
    """In a bot that runs long, and without anybody waiting; never where the settings say so."""
    store = MemoryStore()
    async with (
        refreshed(settings(hub, catalogue_days=0), store.finds, delay=0),
        refreshed(settings(hub, hf_hub_offline=True), store.finds, delay=0),
    ):
        await anyio.sleep(0.1)
    assert hub.requests == []
    async with refreshed(settings(hub), store.finds, delay=0):
        with anyio.fail_after(60):
            while TASK not in await store.finds.read():  # noqa: ASYNC110 - the store tells nobody
                await anyio.sleep(0.05)


async def test_offline_stays_offline(hub: Hub) -> None:
    """Nobody is asked, and the one who wants it is told why."""
    with pytest.raises(NotAvailable, match="HF_HUB_OFFLINE"):
        await anext(refresh(settings(hub, hf_hub_offline=True), MemoryStore().finds))


async def test_a_person_refreshes_and_the_next_command_and_the_next_bot_know(
    hub: Hub, installation: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One command asks about every task type and says how far it is; from the store, everybody knows afterwards."""
    monkeypatch.setenv("HF_ENDPOINT", hub.url)
    data = installation / "data"
    asked = await to_thread.run_sync(lambda: run(data, "models", TASK, "--refresh", "--json"))
    assert asked.returncode == 0, asked.stderr
    assert f"{TASK}: the Hub told of " in asked.stderr
    assert {one.query.get("pipeline_tag") for one in hub.requests} >= {TASK, "text-to-image", "text-generation"}
    before = len(hub.requests)
    shown = await to_thread.run_sync(lambda: run(data, "models", TASK, "--json"))
    assert "org/plain" in {row["id"] for row in json.loads(shown.stdout)} & {
        row["id"] for row in json.loads(asked.stdout)
    }
    assert len(hub.requests) == before
    async with compose(Settings(data_dir=data, cpu_workers=1)) as house:
        assert house.registry.card(TASK, "org/plain") is not None

"""What the Hub told of takes effect in a bot that is running."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import anyio
import pytest
from pydantic import SecretStr

from bot.compose import House, compose
from bot.executors import Executors
from bot.renewing import renewed
from bot.settings import Settings
from core.contract import Model
from core.ports import Find, Job, Offer
from core.registry import Registry
from core.types import Place
from storage.memory import MemoryStore
from tests.simulators.providers import Served
from tests.simulators.router import Router

pytestmark = pytest.mark.anyio

TASK = "text-classification"
NEW = Model(id="far/new", providers=("hf-inference",), downloads=5)
TOKEN = "hf_only_for_the_router"


async def until(holds: Callable[[], bool]) -> None:
    """Wait for what must come soon."""
    with anyio.fail_after(30):
        while not holds():  # noqa: ASYNC110 - offers tell nobody that they change
            await anyio.sleep(0.02)


def hosted(offers: Collection[Offer]) -> set[str]:
    """Return the hosted models for sorting texts."""
    return {one.model.id for one in offers if one.place is Place.REMOTE and one.type == TASK}


@pytest.mark.slow
async def test_what_another_process_found_is_selected_from_now_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A whole house offers and runs a model that came into the store after its start, and admins may prefer it."""
    monkeypatch.setattr("bot.renewing.LOOK", 0.05)
    async with Router([Served("hf-inference", TASK, NEW.id)], tokens=[TOKEN]) as router:
        told: dict[str, Any] = {"hf_token": TOKEN, "hf_router_url": router.url, "hf_endpoint": "http://127.0.0.1:9"}
        settings = Settings(data_dir=tmp_path, devices=("none",), hf_hub_offline=True, **told)
        async with compose(settings) as house:
            assert NEW.id not in hosted(house.executor.offers())
            await house.store.finds.put(TASK, Find(models=(NEW,), at=1e10))
            await until(lambda: NEW.id in hosted(house.executor.offers()))
            outputs = await _run(house)
            assert outputs["label"] == "POSITIVE"
            said = await house.administration().prefer(f"{TASK}={NEW.id}", scope="", by="an admin")
            assert NEW.id in said


async def _run(house: House) -> Any:
    job = Job(id="1", type=TASK, model=NEW.id, inputs={"text": "I love you"}, seconds=30.0, place=Place.REMOTE)
    return await house.executor.run(job, lambda _, __: None)


async def test_a_store_that_cannot_be_read_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was known stays, and is brought up to date once the store is well again."""
    monkeypatch.setattr("bot.renewing.LOOK", 0.01)
    store = MemoryStore()
    settings = Settings(data_dir=tmp_path, devices=("none",), hf_token=SecretStr(TOKEN))
    executors = Executors(settings, Registry.discover())
    well, calls = store.finds.latest, [0]

    async def latest() -> float:
        calls[0] += 1
        if calls[0] < 3:
            raise OSError("gone")
        return await well()

    store.finds.latest = latest  # type: ignore[method-assign]
    await store.finds.put(TASK, Find(models=(NEW,), at=5.0))
    async with renewed(executors, store.finds, since=1.0):
        await until(lambda: NEW.id in hosted(executors.offers()))
    assert calls[0] >= 3

"""What the bot knows of the weights on disk, and how many wait for one download."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Collection
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import anyio
import pytest

from core.contract import Model
from core.errors import JarvisError, NotAvailable, WorkerDied
from core.executors.pool import Pool
from core.executors.stock import Stock
from core.weights import store
from core.weights.layout import Repo
from core.weights.room import held
from core.weights.store import Terms, Weights
from tests.core.weights.downloads import BIG, Told, child_of, model, until
from tests.simulators.faults import Fault
from tests.simulators.hub import Hub
from tests.simulators.repository import Repository

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

SLOW = Fault(path="/cdn/*/model.safetensors", rate=BIG / 2, times=None)
MODEL = Model(id="org/model")


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[Hub]:
    """A Hub with two models of 6 MB and a small one."""
    folders = {name: tmp_path / "hub" / name for name in ("org/model", "org/other", "org/vocoder")}
    sizes = {"org/vocoder": 50_000}
    repositories = [
        Repository(id=name, folder=model(folder, size=sizes.get(name, BIG), seed=number * 10))
        for number, (name, folder) in enumerate(folders.items())
    ]
    async with Hub(repositories) as server:
        yield server


def opened(
    pool: Pool, hub: Hub, cache: Path, *, in_use: Collection[str] = (), **terms: Any
) -> AbstractAsyncContextManager[Weights]:
    """Return weights as the bot makes them."""
    return Weights(cache, pool, Terms(endpoint=hub.url, spare=0, patience=2.0, **terms), in_use=lambda: in_use)


async def test_a_model_is_fetched_when_it_is_needed(pool: Pool, hub: Hub, cache: Path) -> None:
    """Before, it is obtainable; afterwards it is present, at the commit it was fetched at, and asking again is free."""
    async with opened(pool, hub, cache) as weights:
        assert (weights.present(MODEL), weights.obtainable(MODEL), weights.revision(MODEL)) == (False, True, "")
        told = Told()
        await weights.ensure(MODEL, told)
        assert weights.present(MODEL)
        assert weights.revision(MODEL) == hub.repositories["org/model"].sha
        assert told.all[-1][1].startswith("Downloading org/model: ")
        asked = len(hub.requests)
        await weights.ensure(MODEL, told)
        assert len(hub.requests) == asked
    async with opened(pool, hub, cache) as weights:
        assert weights.present(MODEL)


async def test_many_wait_for_one_download(pool: Pool, hub: Hub, cache: Path) -> None:
    """However many want a model, it comes once, and each is told how far it is, who joins late included."""
    hub.faults.add(SLOW)
    told = [Told() for _ in range(5)]
    async with opened(pool, hub, cache) as weights, anyio.create_task_group() as tasks:
        for one in told[:4]:
            tasks.start_soon(weights.ensure, MODEL, one)
        await until(lambda: told[0].fractions)
        tasks.start_soon(weights.ensure, MODEL, told[4])
    assert len(hub.fetched("model.safetensors")) == 1
    assert all(one.fractions and one.fractions == sorted(one.fractions) for one in told)


async def test_one_who_leaves_stops_nobody(pool: Pool, hub: Hub, cache: Path) -> None:
    """One of two goes away: the other one gets its model, in one download."""
    hub.faults.add(SLOW)
    first, second = Told(), Told()
    async with opened(pool, hub, cache) as weights, anyio.create_task_group() as tasks:
        leaver = anyio.CancelScope()

        async def leave() -> None:
            with leaver:
                await weights.ensure(MODEL, first)

        tasks.start_soon(leave)
        tasks.start_soon(weights.ensure, MODEL, second)
        await until(lambda: first.fractions)
        leaver.cancel()
    assert len(hub.fetched("model.safetensors")) == 1
    assert Repo(cache, "org/model").complete()


async def test_when_all_have_left_it_stops(pool: Pool, hub: Hub, cache: Path) -> None:
    """The last one goes away: the download stops, nothing counts as here, and the next one goes on from there."""
    hub.faults.add(SLOW)
    told = Told()
    async with opened(pool, hub, cache) as weights:
        async with anyio.create_task_group() as tasks:
            for _ in range(2):
                tasks.start_soon(weights.ensure, MODEL, told)
            await until(lambda: told.fractions and told.fractions[-1] > 0.3)
            tasks.cancel_scope.cancel()
        assert not weights.present(MODEL)
        assert weights.obtainable(MODEL)
        assert not pool.status().slots[0].running
        hub.faults.clear()
        await weights.ensure(MODEL, told)
        assert weights.present(MODEL)
    rest = hub.fetched("model.safetensors")[1]
    assert rest.range
    assert rest.sent < BIG * 0.8


async def test_parts_come_with_a_model(pool: Pool, hub: Hub, cache: Path) -> None:
    """A model that needs others is present when all of them are; progress is that of the whole."""
    whole = Model(id="org/model", parts={"vocoder": "org/vocoder"})
    told = Told()
    async with opened(pool, hub, cache) as weights:
        await weights.ensure(MODEL, told)
        assert not weights.present(whole)
        await weights.ensure(whole, told)
        assert weights.present(whole)
    shutil.rmtree(cache)
    told = Told()
    async with opened(pool, hub, cache) as weights:
        await weights.ensure(whole, told)
    assert told.fractions == sorted(told.fractions)
    assert {note.split(":")[0] for _, note in told.all} == {"Downloading org/model", "Downloading org/vocoder"}


async def test_all_hear_why_it_failed(pool: Pool, hub: Hub, cache: Path) -> None:
    """A download that fails tells everybody who waits, and is not offered again for a while."""
    hub.faults.add(Fault(path="/cdn/*", status=403, times=None))
    said: list[str] = []
    async with opened(pool, hub, cache) as weights:

        async def fail() -> None:
            with pytest.raises(NotAvailable) as raised:
                await weights.ensure(MODEL, Told())
            said.append(raised.value.message)

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(fail)
            tasks.start_soon(fail)
        assert said[0] == said[1]
        assert "“org/model”" in said[0]
        assert not weights.obtainable(MODEL)
        assert weights.obtainable(Model(id="org/other"))
        hub.faults.clear()
        await weights.ensure(MODEL, Told())  # who insists may try
        assert weights.obtainable(MODEL)


async def test_what_is_loaded_stays(pool: Pool, hub: Hub, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With room for one more, the model in use is not the one that leaves; with none that may leave, it is told."""
    monkeypatch.setattr(store, "_RECENT", 0.0)
    async with opened(pool, hub, cache) as weights:
        for name in ("org/model", "org/vocoder"):
            await weights.ensure(Model(id=name), Told())
    async with opened(pool, hub, cache, budget=BIG + 200_000, in_use=["org/model"]) as weights:
        with pytest.raises(NotAvailable, match="no room"):
            await weights.ensure(Model(id="org/other"), Told())
        assert weights.present(MODEL)
    async with opened(pool, hub, cache, budget=BIG * 2 + 50_000, in_use=["org/model"]) as weights:
        await weights.ensure(Model(id="org/other"), Told())
        assert [weights.present(Model(id=name)) for name in ("org/model", "org/vocoder", "org/other")] == [
            True,
            False,
            True,
        ]


async def test_use_is_noted(pool: Pool, hub: Hub, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was asked for last leaves last, whenever it was downloaded."""
    monkeypatch.setattr(store, "_RECENT", 0.0)
    async with opened(pool, hub, cache) as weights:
        for name in ("org/model", "org/vocoder", "org/model"):
            await weights.ensure(Model(id=name), Told())
            await anyio.sleep(0.02)
    assert [one.model for one in held(cache)] == ["org/vocoder", "org/model"]


async def test_offline(pool: Pool, hub: Hub, cache: Path) -> None:
    """Where nothing may be downloaded, what is here can be used, and the rest is said to be missing."""
    async with opened(pool, hub, cache) as weights:
        await weights.ensure(MODEL, Told())
    async with opened(pool, hub, cache, online=False) as weights:
        await weights.ensure(MODEL, Told())
        assert (weights.obtainable(MODEL), weights.obtainable(Model(id="org/other"))) == (True, False)
        with pytest.raises(NotAvailable, match="org/other"):
            await weights.ensure(Model(id="org/other"), Told())


async def test_what_can_be_told_beforehand(pool: Pool, hub: Hub, cache: Path) -> None:
    """A gated model without a token, and one larger than the budget, are not offered in the first place."""
    closed, huge = Model(id="org/model", gated=True), Model(id="org/model", size=10**12)
    async with opened(pool, hub, cache, budget=10**9) as weights:
        assert (weights.obtainable(closed), weights.obtainable(huge)) == (False, False)
    async with opened(pool, hub, cache, token="hf_x") as weights:
        assert weights.obtainable(closed)
        assert weights.obtainable(huge)


async def test_what_others_do_is_seen(
    pool: Pool, hub: Hub, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A model that another program brings or takes away is noticed, after a moment."""
    monkeypatch.setattr(store, "_PACE", 0.0)
    async with opened(pool, hub, cache) as weights:
        assert not weights.present(MODEL)
        async with opened(pool, hub, tmp_path / "elsewhere") as other:
            await other.ensure(MODEL, Told())
        shutil.copytree(tmp_path / "elsewhere", cache, symlinks=True)
        assert weights.present(MODEL)
        shutil.rmtree(Repo(cache, "org/model").folder)
        assert not weights.present(MODEL)


async def test_a_look_is_cheap(pool: Pool, hub: Hub, cache: Path) -> None:
    """To be asked about 300 models takes a few milliseconds at most, once they have been looked at."""
    models = [Model(id=f"org/{number}", parts={"base": "org/model"}) for number in range(300)]
    async with opened(pool, hub, cache) as weights:
        await weights.ensure(MODEL, Told())
        assert not any(weights.present(one) for one in models)
        began = anyio.current_time()
        assert not any(weights.obtainable(one) and weights.present(one) for one in models)
        assert anyio.current_time() - began < 0.1


async def test_the_end_of_the_bot_ends_downloads(pool: Pool, hub: Hub, cache: Path) -> None:
    """Whoever still waits when the bot goes down hears so, and nothing hangs."""
    hub.faults.add(SLOW)
    told = Told()
    said: list[str] = []

    async def wait(weights: Weights) -> None:
        with pytest.raises(JarvisError) as raised:
            await weights.ensure(MODEL, told)
        said.append(raised.value.message)

    with anyio.fail_after(10):
        async with anyio.create_task_group() as tasks, opened(pool, hub, cache) as weights:
            tasks.start_soon(wait, weights)
            await until(lambda: told.fractions)
    assert said == ["The download was stopped."]


async def test_killed_again_and_again(pool: Pool, hub: Hub, cache: Path) -> None:
    """Whatever kills the children, each who waits gets the model or a sentence, and in the end all is whole."""
    hub.faults.add(SLOW)
    names = ("org/model", "org/other", "org/vocoder")
    said: list[str] = []

    async def want(weights: Weights, name: str) -> None:
        try:
            await weights.ensure(Model(id=name), Told())
        except WorkerDied as error:
            said.append(error.message)

    async with opened(pool, hub, cache) as weights:
        with anyio.fail_after(60):
            async with anyio.create_task_group() as tasks:
                for name in names:
                    tasks.start_soon(want, weights, name)
                for _ in range(5):
                    await anyio.sleep(0.3)
                    if pid := child_of(pool):
                        os.kill(pid, signal.SIGKILL)
            assert said
            assert all("broke off twice. The next attempt goes on from there." in one for one in said)
            hub.faults.clear()
            for name in names:
                await weights.ensure(Model(id=name), Told())
        assert all(weights.present(Model(id=name)) for name in names)


async def test_who_cannot_listen_costs_the_others_nothing(pool: Pool, hub: Hub, cache: Path) -> None:
    """An error in one listener's own code stops neither the download nor the telling."""
    told = Told()

    def deaf(fraction: float | None, note: str) -> None:
        raise ZeroDivisionError

    async with opened(pool, hub, cache) as weights, anyio.create_task_group() as tasks:
        tasks.start_soon(weights.ensure, MODEL, deaf)
        tasks.start_soon(weights.ensure, MODEL, told)
    assert told.fractions
    assert Repo(cache, "org/model").complete()


async def test_a_fault_of_ours_is_told_of_the_model_that_was_wanted(pool: Pool, hub: Hub, cache: Path) -> None:
    """Whoever waits knows no “hub”: they read that the download of their model failed."""
    folder = Repo(cache, "org/model").folder
    folder.mkdir(parents=True)
    (folder / "blobs").write_text("no folder")
    async with opened(pool, hub, cache) as weights:
        with pytest.raises(NotAvailable, match="The download of the model “org/model” failed"):
            await weights.ensure(MODEL, Told())


def as_stock(weights: Weights) -> Stock:
    """Weights are what a pool asks for: the types say so."""
    return weights


def test_the_bot_stays_light() -> None:
    """Knowing the weights brings neither the Hub's library nor an HTTP client into the bot."""
    program = "import sys, core.weights.store; print(*{name.partition('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert not {"huggingface_hub", "httpx", "httpx2", "filelock", "torch"} & set(loaded)


async def test_two_models_in_one_repository(pool: Pool, hub: Hub, cache: Path) -> None:
    """Models may be different files of one repository: one that is here says nothing about the other."""
    folder = model(cache.parent / "several", files={"hed.pth": b"outlines", "lines.pth": b"lines"})
    hub.repositories["org/several"] = Repository(id="org/several", folder=folder)
    outlines, lines, nothing = (
        Model(id="org/several", pickled=True, settings={"files": files})
        for files in ("hed.pth", "lines.pth", "hed.pth, gone.pth")
    )
    async with opened(pool, hub, cache) as weights:
        await weights.ensure(outlines, Told())
        assert (weights.present(outlines), weights.present(lines)) == (True, False)
        await weights.ensure(lines, Told())
        assert (weights.present(outlines), weights.present(lines)) == (True, True)
        with pytest.raises(NotAvailable, match="lacks a file"):
            await weights.ensure(nothing, Told())


async def test_pickles_come_where_they_are_known_and_were_chosen(pool: Pool, hub: Hub, cache: Path) -> None:
    """Selection lets a model that is marked pass only where an admin allowed it; what is not marked is refused."""
    folder = model(cache.parent / "pickled", files={"config.json": b"{}", "pytorch_model.bin": b"pickled"})
    hub.repositories["org/pickled"] = Repository(id="org/pickled", folder=folder)
    async with opened(pool, hub, cache) as weights:
        with pytest.raises(NotAvailable, match="pickled"):
            await weights.ensure(Model(id="org/pickled"), Told())
        marked = Model(id="org/pickled", pickled=True)
        await weights.ensure(marked, Told())
        assert weights.present(marked)
        assert weights.present(Model(id="org/pickled"))

"""Downloads where room is short, shared or closed: who leaves, who waits, and what is said."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest

from core.errors import NotAvailable
from core.executors.pool import Pool
from core.weights.layout import Repo
from tests.core.weights.downloads import (
    BIG,
    WEIGHTS,
    Told,
    download_pool,
    get,
    largest,
    model,
    refusal,
    serve,
    small_disk,
    until,
    whole,
)
from tests.simulators.faults import Fault
from tests.simulators.hub import Hub

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


async def test_the_least_recently_used_leaves(pool: Pool, hub: Hub, cache: Path, tmp_path: Path) -> None:
    """Under a budget for two models, the third one takes the place of the older one that nobody uses."""
    budget = int(BIG * 2.5)
    for number, name in enumerate(("org/a", "org/b", "org/c")):
        serve(hub, model(tmp_path / name, seed=number * 10), name)
    await get(pool, hub, cache, "org/a", budget=budget)
    await get(pool, hub, cache, "org/b", budget=budget)
    record = next(Repo(cache, "org/b").folder.glob("jarvis/*.json"))
    os.utime(record, (1, 1))
    got = await get(pool, hub, cache, "org/c", budget=budget, keep=["org/b"])
    assert isinstance(got["evicted"], list)
    assert [row["model"] for row in got["evicted"] if isinstance(row, dict)] == ["org/a"]
    assert [Repo(cache, name).complete() is not None for name in ("org/a", "org/b", "org/c")] == [False, True, True]
    assert not Repo(cache, "org/a").folder.exists()


async def test_no_room_costs_nobody_their_place(pool: Pool, hub: Hub, cache: Path, tmp_path: Path) -> None:
    """A model larger than the budget, or than what may leave, is refused before the first byte, and all stay."""
    serve(hub, model(tmp_path / "other", seed=5))
    await get(pool, hub, cache)
    sent = dict(hub.sent)
    assert "may take 1.0 MB" in await refusal(pool, hub, cache, "org/other", budget=1_000_000)
    assert "no room" in await refusal(pool, hub, cache, "org/other", budget=BIG * 2 - 1, keep=["org/model"])
    assert "no room" in await refusal(pool, hub, cache, "org/other", spare=10**15)
    assert hub.sent == sent
    assert whole(hub, cache)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 8 MB."""
    with small_disk(tmp_path / "disk", "8m") as folder:
        yield folder


async def test_a_small_disk(pool: Pool, hub: Hub, disk: Path, tmp_path: Path) -> None:
    """Without any budget, the disk is the bound: what we downloaded leaves for what comes; too much is refused."""
    serve(hub, model(tmp_path / "other", seed=5))
    serve(hub, model(tmp_path / "large", size=9_000_000), "org/large")
    cache = disk / "cache"
    await get(pool, hub, cache)
    await get(pool, hub, cache, "org/other")
    assert not Repo(cache, "org/model").folder.exists()
    assert whole(hub, cache, "org/other")
    assert "no room" in await refusal(pool, hub, cache, "org/large")
    assert whole(hub, cache, "org/other")


async def test_the_disk_becomes_full(pool: Pool, hub: Hub, disk: Path) -> None:
    """Another program fills the disk midway: a sentence, and what had come is given back."""
    cache = disk / "cache"
    repo = Repo(cache, "org/model")
    hub.faults.add(Fault(path=WEIGHTS, rate=BIG))
    said: list[str] = []

    async def download() -> None:
        said.append(await refusal(pool, hub, cache))

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(download)
        await until(lambda: largest(repo) > BIG / 8)
        hog = disk / "hog"
        with hog.open("wb") as file:
            try:
                while True:
                    file.write(bytes(100_000))
                    file.flush()
            except OSError:
                pass
    assert "disk became full" in said[0]
    assert sum(path.stat().st_size for path in repo.folder.glob("blobs/*")) < 100_000
    hog.unlink()
    await get(pool, hub, cache)
    assert whole(hub, cache)


async def test_two_processes_one_cache(pool: Pool, hub: Hub, cache: Path) -> None:
    """Two installations that share a cache and want the same model at once: one fetches, the other waits for it."""
    hub.faults.add(Fault(path=WEIGHTS, rate=BIG / 2, times=None))
    told = Told()
    async with download_pool() as second:
        await second.ready()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(get, pool, hub, cache)
            await until(lambda: any(Repo(cache, "org/model").folder.glob("blobs/*.incomplete")))
            await get(second, hub, cache, told=told)
    assert "Another process is downloading this model." in {note for _, note in told.all}
    assert hub.sent["org/model/model.safetensors"] == BIG


async def test_a_child_without_the_right_to_write(pool: Pool, hub: Hub, tmp_path: Path) -> None:
    """A cache that cannot be written is told as such."""
    (tmp_path / "file").write_text("")
    with pytest.raises(NotAvailable, match="cannot be written"):
        await get(pool, hub, tmp_path / "file" / "cache")

"""A Hub that neither stops nor gets anywhere: whoever waits for a model is not kept for hours."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from anyio import to_thread
from filelock import FileLock

from core.contract import Stopped
from core.errors import NotAvailable
from core.weights import download as downloading
from core.weights import fetch
from core.weights.download import Order, download
from tests.core.weights.downloads import WEIGHTS
from tests.simulators.faults import Fault
from tests.simulators.hub import Hub

pytestmark = pytest.mark.anyio

SILENT = Fault(path="/api/models/*", hang=20, times=None)


class Rope:
    """A steer that stops its job after so many seconds."""

    def __init__(self, seconds: float = 60.0) -> None:
        self.until = time.monotonic() + seconds

    def progress(self, fraction: float | None, note: str = "") -> None:
        """Take no notice."""

    def check(self) -> None:
        """Stop when it is time."""
        if time.monotonic() > self.until:
            raise Stopped


async def test_a_byte_now_and_then_is_no_download(hub: Hub, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where next to nothing comes for a long time, that is told; what did come stays for the next attempt."""
    monkeypatch.setattr(fetch, "_CRAWL", 0.5)
    hub.faults.add(Fault(path=WEIGHTS, rate=2000, times=None))
    order = Order(model="org/model", cache=cache, endpoint=hub.url)
    with pytest.raises(NotAvailable, match="sends next to nothing"):
        await to_thread.run_sync(download, order, Rope())
    assert [path.stat().st_size > 0 for path in cache.glob("*/blobs/*.incomplete")] == [True]
    hub.faults.clear()
    await to_thread.run_sync(download, order, Rope())
    assert hub.fetched("model.safetensors")[-1].range


async def test_a_hub_that_never_comes_to_the_point(hub: Hub, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a model consists of is waited for with patience, but not for ever."""
    monkeypatch.setattr(downloading, "_LISTED", 0.5)
    hub.faults.add(SILENT)
    with pytest.raises(NotAvailable, match="is silent"):
        await to_thread.run_sync(download, Order(model="org/model", cache=cache, endpoint=hub.url, patience=5), Rope())


async def test_a_stop_is_heard_while_the_hub_is_asked(hub: Hub, cache: Path) -> None:
    """Who goes away need not wait until a silent Hub has answered."""
    hub.faults.add(SILENT)
    order = Order(model="org/model", cache=cache, endpoint=hub.url, patience=5)
    began = time.monotonic()
    with pytest.raises(Stopped):
        await to_thread.run_sync(download, order, Rope(0.3))
    assert time.monotonic() - began < 4


async def test_a_stop_is_heard_while_another_process_makes_room(hub: Hub, cache: Path) -> None:
    """Whoever holds the cache's lock may hang: who goes away need not wait for that."""
    (cache / ".locks").mkdir(parents=True)
    with FileLock(cache / ".locks" / "jarvis.lock"), pytest.raises(Stopped):
        await to_thread.run_sync(download, Order(model="org/model", cache=cache, endpoint=hub.url), Rope(1.0))
    assert not list(cache.glob("*/blobs/*"))
    await to_thread.run_sync(download, Order(model="org/model", cache=cache, endpoint=hub.url), Rope())

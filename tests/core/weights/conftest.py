"""What the tests of downloads share: a child that downloads, a Hub, an empty cache."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.executors.pool import Pool
from tests.core.weights.downloads import download_pool, model
from tests.simulators.hub import Hub
from tests.simulators.repository import Repository


@pytest.fixture(scope="module")
async def pool() -> AsyncIterator[Pool]:
    """One child that all tests here download with."""
    async with download_pool() as pool:
        await pool.ready()
        yield pool


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[Hub]:
    """A Hub with one model of 6 MB."""
    repository = Repository(id="org/model", folder=model(tmp_path / "hub" / "model"), refs={"v1": "1" * 40})
    async with Hub([repository]) as server:
        yield server


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """An empty cache."""
    return tmp_path / "cache"

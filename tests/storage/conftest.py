"""A fresh SQLite database for the tests that care about what lies below the store."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from migrations import upgrade
from storage.engine import open_engine, sqlite_url
from storage.store import Store


@pytest.fixture
async def url(tmp_path: Path) -> str:
    """The URL of a database with tables and without rows."""
    url = sqlite_url(tmp_path)
    await upgrade(url)
    return url


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    """A store that does not wait long for others."""
    store = Store(open_engine(url, patience=0.2))
    yield store
    await store.close()

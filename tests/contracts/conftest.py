"""Every store, one after the other: each contract test runs on all of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from migrations import upgrade
from storage.engine import open_engine, parse_url, sqlite_url
from storage.memory import MemoryStore
from storage.store import Store
from tests.stores import AnyStore, postgres_server

OpenStore = Callable[..., AnyStore]
"""Takes the backlog. Opened twice, both stores share their rows, as two processes do."""


@pytest.fixture(scope="session")
def postgres() -> Iterator[str | None]:
    """A server's URL with a gap for the database's name, or None."""
    with postgres_server() as url:
        yield url


async def _create_database(server: str | None) -> str:
    if server is None:
        pytest.skip("no PostgreSQL on this machine: apt-get install postgresql")
    name = f"t{uuid4().hex}"
    engine = create_async_engine(parse_url(server % "postgres"), isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(f"CREATE DATABASE {name}"))
    await engine.dispose()
    return server % name


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgres", marks=pytest.mark.slow)])
async def open_store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[OpenStore]:
    """Open the store of this round, with tables and without rows."""
    async with AsyncExitStack() as stack:
        if request.param == "memory":
            yield _open_memory()
            return
        sqlite = request.param == "sqlite"
        url = sqlite_url(tmp_path) if sqlite else await _create_database(request.getfixturevalue("postgres"))
        await upgrade(url)

        def open_sql(*, backlog: int = 1000) -> Store:
            store = Store(open_engine(url), backlog=backlog)
            stack.push_async_callback(store.close)
            return store

        yield open_sql


def _open_memory() -> OpenStore:
    opened: list[MemoryStore] = []

    def open_memory(*, backlog: int = 1000) -> MemoryStore:
        if not opened:
            opened.append(MemoryStore(backlog=backlog))
        return opened[0]

    return open_memory


@pytest.fixture
def store(open_store: OpenStore) -> AnyStore:
    """One store of the usual size."""
    return open_store()

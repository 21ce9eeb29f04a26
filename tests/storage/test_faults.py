from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest
from sqlalchemy import event

from core.errors import StoreFailed
from core.events import Posted, Started
from migrations import upgrade
from storage.engine import open_engine, sqlite_url
from storage.store import Store
from tests.stores import asked, said

pytestmark = pytest.mark.anyio

WRITES: dict[str, Callable[[Store], Awaitable[object]]] = {
    "accept": lambda store: store.inbox.accept(asked(1)),
    "claim": lambda store: store.inbox.claim("w", lease=9, platforms=["web"]),
    "append one": lambda store: store.journal.append("r1", [Started(0)], after=0),
    "append two": lambda store: store.journal.append("r1", [Started(0), Started(1)], after=0),
    "remember": lambda store: store.memory.remember("t", said(1)),
    "check": lambda store: store.check(),
}


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Store]:
    """Open the database of a folder, whatever is there."""
    store = Store(open_engine(sqlite_url(folder), patience=0.2))
    try:
        yield store
    finally:
        await store.close()


@pytest.mark.parametrize("write", WRITES)
async def test_a_locked_database_is_told_and_works_again(store: Store, tmp_path: Path, write: str) -> None:
    """While another program holds the database for longer than we wait, each write says so; then all goes on."""
    await store.check()
    with closing(sqlite3.connect(tmp_path / "jarvis.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreFailed, match="held by another program"):
            await WRITES[write](store)
        assert await store.journal.read("r1") == []  # readers do not mind
        other.execute("ROLLBACK")
    await WRITES[write](store)


async def test_a_short_lock_is_waited_for(store: Store, url: str) -> None:
    """Another process that writes for a moment only makes us wait, not fail."""
    other = Store(open_engine(url))
    async with other._database.writing():
        with pytest.raises(StoreFailed):
            await store.check()
    await store.check()
    await other.close()


async def test_a_missing_folder(tmp_path: Path) -> None:
    """Without its folder the database cannot be opened, and the sentence says so."""
    async with opened(tmp_path / "gone") as store:
        with pytest.raises(StoreFailed, match="its folder is missing"):
            await store.check()


async def test_a_folder_where_the_file_should_be(tmp_path: Path) -> None:
    """The same where a folder has taken the file's name."""
    (tmp_path / "jarvis.db").mkdir()
    async with opened(tmp_path) as store:
        with pytest.raises(StoreFailed, match="cannot be opened"):
            await store.check()


async def test_a_data_folder_that_cannot_be_made(tmp_path: Path) -> None:
    """Setting up below something that is a file says what is in the way."""
    (tmp_path / "data").write_text("I am a file")
    for folder in (tmp_path / "data", tmp_path / "data" / "deeper"):
        with pytest.raises(StoreFailed, match=r"A file stands where the data folder /.* should be"):
            await upgrade(sqlite_url(folder))


async def test_a_read_only_database(url: str) -> None:
    """A database that may only be read is told as such."""
    engine = open_engine(url)

    @event.listens_for(engine.sync_engine, "connect")
    def forbid(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("PRAGMA query_only = ON")

    store = Store(engine)
    with pytest.raises(StoreFailed, match="read-only"):
        await store.check()
    await store.close()


async def test_a_damaged_file(tmp_path: Path) -> None:
    """A file that is no database is told as such, by the store and by the set-up."""
    (tmp_path / "jarvis.db").write_bytes(b"this was a database once" * 1000)
    with pytest.raises(StoreFailed, match="damaged"):
        await upgrade(sqlite_url(tmp_path))
    async with opened(tmp_path) as store:
        with pytest.raises(StoreFailed, match="damaged"):
            await store.check()


async def test_a_file_damaged_inside(url: str, tmp_path: Path) -> None:
    """Damage in the middle of a database is told when it is met."""
    file = tmp_path / "jarvis.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data = bytearray(file.read_bytes())
    data[4096:] = b"\xff" * len(data[4096:])
    file.write_bytes(data)
    async with opened(tmp_path) as store:
        with pytest.raises(StoreFailed, match="damaged"):
            await store.inbox.accept(asked(1))


async def test_a_full_disk(url: str) -> None:
    """When the database cannot grow any more the write fails in words, and what was there is still there."""
    engine = open_engine(url)

    @event.listens_for(engine.sync_engine, "connect")
    def small(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("PRAGMA max_page_count = 40")

    store = Store(engine)
    await store.journal.append("r1", [Started(0)], after=0)
    with pytest.raises(StoreFailed, match="The disk is full"):
        await store.journal.append("r1", [Posted("x" * 1_000_000)], after=1)
    assert await store.journal.read("r1") == [Started(0)]
    await store.close()


async def test_no_tables_yet(tmp_path: Path) -> None:
    """A database that was never set up says which command does it."""
    async with opened(tmp_path) as store:
        with pytest.raises(StoreFailed, match="python -m bot migrate"):
            await store.check()


async def test_a_server_that_is_not_there() -> None:
    """PostgreSQL that does not answer is told as such."""
    store = Store(open_engine("postgresql://jarvis@127.0.0.1:9/jarvis"))
    with pytest.raises(StoreFailed, match="does not answer"):
        await store.check()
    await store.close()

"""Opens the database: SQLite in a file by default, PostgreSQL by its URL."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection, Dialect
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from core.errors import BadSetting
from storage.faults import told_of

DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgres": "postgresql+asyncpg", "postgresql": "postgresql+asyncpg"}

_WRITING = "writing"
"""Execution option of an engine whose transactions mean to write."""


def sqlite_url(data_dir: Path) -> str:
    """Return the URL of the database that lives in ``data_dir`` unless somebody configures another."""
    return URL.create("sqlite+aiosqlite", database=str(data_dir.resolve() / "jarvis.db")).render_as_string()


def parse_url(url: str) -> URL:
    """Return ``url`` with the asynchronous driver JARVIS uses. Raises BadSetting for what is no database of ours."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise BadSetting("DATABASE_URL is not a database URL, such as postgresql://user:password@host/name.") from None
    if parsed.get_backend_name() not in DRIVERS:
        raise BadSetting(f"DATABASE_URL asks for {parsed.get_backend_name()}: JARVIS knows sqlite and postgresql.")
    if parsed.get_backend_name() == "sqlite" and parsed.database in {None, "", ":memory:"}:
        raise BadSetting("DATABASE_URL must name a file, such as sqlite:////var/lib/jarvis/jarvis.db.")
    return parsed.set(drivername=DRIVERS[parsed.get_backend_name()])


def open_engine(url: str, *, patience: float = 5.0) -> AsyncEngine:
    """Return an engine for ``url``; nothing is connected yet.

    ``patience`` is how many seconds a statement waits for another program that holds the database.
    """
    parsed = parse_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _open_sqlite(parsed, patience)
    try:
        return create_async_engine(
            parsed, pool_pre_ping=True, connect_args={"timeout": patience, "command_timeout": 6 * patience}
        )
    except ModuleNotFoundError as error:
        raise BadSetting(
            f"DATABASE_URL asks for PostgreSQL, whose driver is missing: run .venv/bin/pip install {error.name}."
        ) from None


def _open_sqlite(url: URL, patience: float) -> AsyncEngine:
    # isolation_level None: the driver begins nothing by itself, so a single statement is its own transaction.
    # Every transaction here is ended by who began it, so the pool need not roll back once more.
    engine = create_async_engine(
        url, connect_args={"isolation_level": None, "timeout": patience}, pool_reset_on_return=None
    )
    event.listen(engine.sync_engine, "do_connect", _look)
    event.listen(engine.sync_engine, "connect", _prepare)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _look(_: Dialect, __: ConnectionPoolEntry, arguments: list[Any], options: dict[str, Any]) -> None:
    # A file that cannot be opened is found here: aiosqlite would leave a thread behind that outlives the event loop.
    sqlite3.connect(*arguments, **options).close()


def _prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    try:
        cursor.execute("PRAGMA journal_mode = WAL")  # readers never wait for the writer
        cursor.execute("PRAGMA synchronous = NORMAL")  # what is committed survives kill -9 without a sync each time
        cursor.close()
    except sqlite3.Error:
        connection.close()  # the pool forgets a connection that could not be prepared
        raise


def _begin(connection: Connection) -> None:
    # Taking the write lock at once waits for other writers; taking it midway would fail instead.
    if connection.get_execution_options().get(_WRITING):
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def to_write(engine: AsyncEngine) -> AsyncEngine:
    """Return the same engine, for transactions that mean to write."""
    return engine.execution_options(**{_WRITING: True})


def make_room(url: str) -> None:
    """Make the folder an SQLite file is to lie in. Raises StoreFailed."""
    parsed = parse_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        folder = Path(parsed.database).parent
        with told_of(f"the data folder {folder}"):
            folder.mkdir(parents=True, exist_ok=True)

"""One statement, or several in one transaction: how the store's parts talk to the engine."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from anyio import CancelScope, Semaphore
from sqlalchemy import Executable, Row, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage.engine import to_write
from storage.faults import told

Params = Mapping[str, Any] | Sequence[Mapping[str, Any]]


class Database:
    """The engine, with one writer at a time where the database can have but one.

    What has begun runs to its end even when the caller is cancelled: nobody is left wondering whether a write
    happened, and no connection is lost. All methods raise StoreFailed.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._sqlite = engine.dialect.name == "sqlite"
        self._writer = to_write(engine)
        # On SQLite a statement alone is its own transaction, which saves the BEGIN.
        self._writer_of_one = engine if self._sqlite else self._writer
        # Waiting here is fair and free; waiting inside SQLite is a matter of luck.
        self._turn = Semaphore(1 if self._sqlite else 5, fast_acquire=True)

    async def read(self, statement: Executable, params: Params | None = None) -> Sequence[Row[Any]]:
        """Return the rows of a query."""
        async with _transaction(self._engine) as connection:
            return (await connection.execute(statement, params)).all()

    async def write(self, statement: Executable, params: Params | None = None) -> Sequence[Row[Any]]:
        """Run one statement that changes a row or several, and return what it returns."""
        async with self._turn, _transaction(self._writer_of_one) as connection:
            result = await connection.execute(statement, params)
            return result.all() if result.returns_rows else ()

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """One transaction for the block: committed at its end, undone when it raises."""
        async with self._turn, _transaction(self._writer) as connection:
            yield connection

    def insert(self, table: Table) -> postgresql.Insert | sqlite.Insert:
        """Return an INSERT that knows ON CONFLICT, in this database's dialect."""
        return sqlite.insert(table) if self._sqlite else postgresql.insert(table)

    async def close(self) -> None:
        """Let all connections go."""
        await self._engine.dispose()


@asynccontextmanager
async def _transaction(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    with CancelScope(shield=True), told():
        async with engine.begin() as connection:
            yield connection

"""Alembic runs this file: on the connection it is given, or from its command line on the URL of ``-x url=``."""

from __future__ import annotations

import asyncio

from alembic import context
from sqlalchemy import Connection

from storage.engine import open_engine, to_write
from storage.tables import metadata


def migrate(connection: Connection) -> None:
    """Run the steps in the transaction of ``connection``."""
    # Batches: SQLite cannot alter a table in place, so alembic copies it.
    context.configure(connection, target_metadata=metadata, render_as_batch=True, transactional_ddl=True)
    context.run_migrations()


async def migrate_from_command_line() -> None:
    """Open the database the command line names, and migrate it."""
    url = context.get_x_argument(as_dictionary=True).get("url") or context.config.get_main_option("sqlalchemy.url")
    engine = open_engine(url or "")
    async with to_write(engine).begin() as connection:
        await connection.run_sync(migrate)
    await engine.dispose()


given = context.config.attributes.get("connection")
if given is None:
    asyncio.run(migrate_from_command_line())
else:
    migrate(given)

"""The steps that take a database from one version of JARVIS to the next, and back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine

from core.errors import StoreFailed
from storage.engine import make_room, open_engine, to_write
from storage.faults import told

HERE = Path(__file__).parent
LOCK = 7_265_487_821
"""Any number will do that all JARVIS processes share: PostgreSQL lets one of them migrate at a time."""


def head() -> str:
    """Return the newest version, from the names of the files."""
    return max(file.name.partition("_")[0] for file in (HERE / "versions").glob("[0-9]*.py"))


async def upgrade(url: str, revision: str = "head") -> bool:
    """Bring the database at ``url`` up to date, making it first where it does not exist.

    Returns whether there was anything to do. Several processes may do this at once. Raises StoreFailed.
    """
    make_room(url)
    return await _migrate(url, head() if revision == "head" else revision, "upgrade")


async def downgrade(url: str, revision: str = "base") -> bool:
    """Take the database at ``url`` back to an older version; "base" is before the first, without tables."""
    return await _migrate(url, revision, "downgrade")


async def _migrate(url: str, revision: str, direction: str) -> bool:
    engine = open_engine(url)
    try:
        with told():
            # What is up to date is left in milliseconds, without loading alembic.
            if await _version(engine) == revision:
                return False
            async with to_write(engine).begin() as connection:
                await connection.run_sync(_run(revision, direction))
    finally:
        await engine.dispose()
    return True


async def _version(engine: AsyncEngine) -> str | None:
    async with engine.connect() as connection:
        return await connection.run_sync(version_of)


def version_of(connection: Connection) -> str | None:
    """Return the version of a database, or None where it has no tables yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _run(revision: str, direction: str) -> Callable[[Connection], None]:
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))

    def run(connection: Connection) -> None:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        config.attributes["connection"] = connection
        try:
            getattr(command, direction)(config, revision)
        except CommandError as error:
            version = version_of(connection)
            raise StoreFailed(f"The database is of version {version}, for which this JARVIS is too old.") from error

    return run

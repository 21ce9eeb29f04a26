from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from core.errors import BadSetting
from storage.engine import open_engine, parse_url, sqlite_url

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("sqlite:////data/x.db", "sqlite+aiosqlite:////data/x.db"),
        ("postgres://ada@host/name", "postgresql+asyncpg://ada@host/name"),
        ("postgresql+psycopg2://host/name", "postgresql+asyncpg://host/name"),
    ],
)
def test_any_spelling_of_a_database_gets_our_driver(given: str, used: str) -> None:
    """People paste the URL their provider gives them."""
    assert parse_url(given).render_as_string() == used


@pytest.mark.parametrize("url", ["", "what", "mysql://host/name", "sqlite://", "sqlite:///:memory:"])
def test_what_is_no_database_of_ours_names_the_setting(url: str) -> None:
    """The sentence says which variable to mend."""
    with pytest.raises(BadSetting, match="DATABASE_URL"):
        open_engine(url)


async def test_sqlite_is_set_up_for_a_bot(tmp_path: Path) -> None:
    """Readers do not wait for writers, a commit needs no sync, and others are waited for."""
    engine = open_engine(sqlite_url(tmp_path), patience=1.5)
    async with engine.connect() as connection:
        found = [(await connection.execute(text(f"PRAGMA {name}"))).scalar() for name in PRAGMAS]
    await engine.dispose()
    assert found == list(PRAGMAS.values())


PRAGMAS = {"journal_mode": "wal", "synchronous": 1, "busy_timeout": 1500}


async def test_a_folder_with_a_strange_name(tmp_path: Path) -> None:
    """Spaces, percent and question marks in the folder's name are part of its name."""
    folder = tmp_path / "my 100% data? #1"
    folder.mkdir()
    engine = open_engine(sqlite_url(folder))
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE here (x)"))
    await engine.dispose()
    with closing(sqlite3.connect(folder / "jarvis.db")) as connection_:
        assert connection_.execute("SELECT name FROM sqlite_master").fetchall() == [("here",)]

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from core.errors import StoreFailed
from migrations import downgrade, head, upgrade
from storage.engine import open_engine, sqlite_url
from storage.store import Store
from storage.tables import metadata
from tests.stores import asked, postgres_server

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parents[2]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.slow)])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database in which nothing was ever done."""
    if request.param == "sqlite":
        yield sqlite_url(tmp_path / "made" / "on the way")
        return
    with postgres_server() as server:
        if server is None:
            pytest.skip("no PostgreSQL on this machine: apt-get install postgresql")
        yield server % "postgres"


async def looked(url: str, look: Any) -> Any:
    """Return what ``look`` finds in a database."""
    engine = open_engine(url)
    async with engine.connect() as connection:
        found = await connection.run_sync(look)
    await engine.dispose()
    return found


def tables(connection: Connection) -> set[str]:
    """Return the names of our tables."""
    return set(inspect(connection).get_table_names()) - {"alembic_version"}


def differences(connection: Connection) -> list[Any]:
    """Return what alembic would change."""
    return list(compare_metadata(MigrationContext.configure(connection), metadata))


async def test_up_down_and_up_again(empty: str) -> None:
    """Every step can be taken back, and taken again; each direction says whether there was anything to do."""
    assert await upgrade(empty)
    assert await looked(empty, tables) == set(metadata.tables)
    assert not await upgrade(empty)
    assert await downgrade(empty)
    assert await looked(empty, tables) == set()
    assert await upgrade(empty)
    assert await looked(empty, tables) == set(metadata.tables)


async def test_the_steps_lead_to_the_tables_of_the_code(empty: str) -> None:
    """The migrated database is what storage.tables describes."""
    await upgrade(empty)
    assert await looked(empty, differences) == []


async def test_the_tables_made_by_the_steps_are_those_made_by_the_code(tmp_path: Path) -> None:
    """What no comparison looks at, such as partial indexes and AUTOINCREMENT, is the same too."""
    await upgrade(sqlite_url(tmp_path))
    engine = open_engine(f"sqlite:///{tmp_path}/other.db")
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    await engine.dispose()
    assert await looked(sqlite_url(tmp_path), _schema) == await looked(f"sqlite:///{tmp_path}/other.db", _schema)


def _schema(connection: Connection) -> set[str]:
    found = connection.execute(text("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")).scalars()
    return {" ".join(sql.split()) for sql in found if "alembic_version" not in sql}


async def test_what_is_stored_survives_an_upgrade(empty: str) -> None:
    """Upgrading a database in use changes none of its rows."""
    await upgrade(empty)
    store = Store(open_engine(empty))
    await store.inbox.accept(asked(1))
    await upgrade(empty)
    claim = await store.inbox.claim("w", lease=9, platforms=["web"])
    assert claim is not None
    assert claim.request == asked(1)
    await store.close()


async def test_many_processes_may_start_at_once(empty: str) -> None:
    """The web page, the worker and the bots all upgrade at their start: one does it, the others wait."""
    done: list[bool] = []

    async def start() -> None:
        done.append(await upgrade(empty))

    async with anyio.create_task_group() as group:
        for _ in range(5):
            group.start_soon(start)
    assert await looked(empty, differences) == []
    assert True in done


@pytest.mark.slow
def test_several_real_processes_may_start_at_once(tmp_path: Path) -> None:
    """The same with processes of their own, which share nothing but the file."""
    code = f"import asyncio, migrations; asyncio.run(migrations.upgrade({sqlite_url(tmp_path)!r}))"
    started = [subprocess.Popen([sys.executable, "-c", code], cwd=ROOT) for _ in range(3)]
    assert [process.wait(timeout=60) for process in started] == [0, 0, 0]


async def test_a_database_of_a_newer_version(tmp_path: Path) -> None:
    """Who goes back to an older JARVIS is told, and the database is left alone."""
    url = sqlite_url(tmp_path)
    await upgrade(url)
    engine = open_engine(url)
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    await engine.dispose()
    with pytest.raises(StoreFailed, match="of version 9999, for which this JARVIS is too old"):
        await upgrade(url)
    assert await looked(url, tables) == set(metadata.tables)


def test_the_newest_version_is_the_one_alembic_knows() -> None:
    """The names of the files tell the head as alembic finds it, and there is only one."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    assert ScriptDirectory.from_config(config).get_heads() == [head()]


@pytest.mark.slow
def test_the_command_line_of_alembic_works(tmp_path: Path) -> None:
    """Whoever changes the tables can use alembic itself, and it finds nothing left to write down."""
    url = f"sqlite:///{tmp_path}/x.db"
    alembic = [sys.executable, "-m", "alembic", "-x", f"url={url}"]
    subprocess.run([*alembic, "upgrade", "head"], cwd=ROOT, check=True, capture_output=True)
    subprocess.run([*alembic, "check"], cwd=ROOT, check=True, capture_output=True)


async def test_what_was_there_before_is_known_to_be_held(empty: str) -> None:
    """A database of the version before files were counted: whoever refers to one holds it after the upgrade."""
    await upgrade(empty, "0007")
    photo, drawn, upload = ("1" * 64, "2" * 64, "3" * 64)
    engine = open_engine(empty)
    file = '{{"sha256":"{}","kind":"image","mime":"image/png","name":"a.png","size":3}}'
    asked_ = f'{{"text":"\\"sha256\\":\\"{"9" * 64}\\"","attachments":[{{"name":"a","address":"blob:{upload}"}}]}}'
    rows: dict[str, list[dict[str, Any]]] = {
        "INSERT INTO requests (id, key, thread, platform, owner, body, accepted_at, attempts)"
        " VALUES ('r1', 'k', 't', 'web', 'o', :body, 1, 0)": [{"body": asked_}],
        "INSERT INTO events (request, number, body) VALUES (:request, :number, :body)": [
            {"request": f"r{number // 7}", "number": number % 7, "body": file.format(photo)} for number in range(1100)
        ],
        "INSERT INTO turns (thread, request, role, place, at, title, body)"
        " VALUES ('t', 'r1', 'user', 1, 1, '', :body)": [{"body": f'{{"artifacts":[{file.format(photo)}]}}'}],
        "INSERT INTO results (key, body, at) VALUES ('k', :body, 1)": [{"body": f'{{"image":{file.format(drawn)}}}'}],
    }
    async with engine.begin() as connection:
        for statement, values in rows.items():
            await connection.execute(text(statement), values)
    await engine.dispose()
    await upgrade(empty)
    found = await looked(empty, lambda connection: set(connection.execute(text("SELECT holder, sha256 FROM held"))))
    assert {tuple(row) for row in found} == {
        ("request/r1", upload),
        *((f"request/r{number}", photo) for number in range(1100 // 7 + 1)),
        ("result/k", drawn),
    }
    await downgrade(empty, "0007")

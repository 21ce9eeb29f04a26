"""What the bot's tests share: an installation in an empty folder, logs as they were afterwards, either store."""

import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import structlog

from bot.settings import Settings
from migrations import upgrade
from storage.engine import open_engine, sqlite_url
from storage.memory import MemoryStore
from storage.store import Store
from tests.stores import AnyStore


@pytest.fixture(autouse=True)
def installation(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty folder to work in, and no setting from outside. Devices are looked for where a test wants it."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("DEVICES", "none")
    return tmp_path


@pytest.fixture(autouse=True)
def logs_as_before() -> Iterator[None]:
    """Whatever a test or a command logged to is closed after it."""
    root = logging.getLogger()
    before, level, loud = root.handlers[:], root.level, logging.raiseExceptions
    yield
    logging.raiseExceptions = loud
    for handler in set(root.handlers) - set(before):
        root.removeHandler(handler)
        with suppress(OSError):  # a disk that is full on purpose
            handler.close()
    for handler in before:
        root.addHandler(handler)
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture(params=["memory", "sqlite"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[AnyStore]:
    """Each store in turn."""
    if request.param == "memory":
        yield MemoryStore()
        return
    await upgrade(sqlite_url(tmp_path))
    opened = Store(open_engine(sqlite_url(tmp_path)))
    yield opened
    await opened.close()

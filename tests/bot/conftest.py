"""What the bot's tests share: an installation in an empty folder, and logs as they were afterwards."""

import logging
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import structlog

from bot.settings import Settings


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

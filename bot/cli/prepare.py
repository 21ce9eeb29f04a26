"""What every command does first: read the settings, start the log."""

from __future__ import annotations

from typing import Any, TextIO

from bot import logs
from bot.settings import Settings, read_settings


def prepare(*, stream: TextIO | None = None, **changes: Any) -> Settings:
    """Return the settings, ``changes`` on top; log to a file in the data folder, and to ``stream`` where given.

    Raises BadSetting. A data folder that cannot be written to is told by who needs it.
    """
    settings = read_settings(**changes)
    how: dict[str, Any] = {
        "level": settings.log_level,
        "json": settings.log_json,
        "stream": stream,
        "secrets": settings.secrets(),
    }
    try:
        logs.start(folder=settings.data_dir / "log", **how)
    except OSError:
        logs.start(**how)
    return settings
